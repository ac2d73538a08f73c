import type { Attendee } from '@agentcal/command-service/calendar/events';
import type { BookingStatus } from '@agentcal/shared/resources/booking';
import { defineTable, instant, integer, json, nullable, oneOf, text } from '../../engine/table.ts';
import { history, tenant } from '../common.ts';

/** A booking in its latest state, for as long as the log is. Personal data is null once erased. */
export const bookings = defineTable(
  'bookings',
  {
    id: text,
    ...tenant,
    account_id: text,
    /** The lead. */
    user_id: text,
    /** Everybody who attends, the lead first; null where it is the lead alone. */
    user_ids: nullable(json<readonly string[]>()),
    event_type_id: text,
    series_id: nullable(text),
    start_time: instant,
    end_time: instant,
    status: oneOf<BookingStatus>(),
    attendee: nullable(json<Attendee>()),
    /** Lower case, to look bookings up by. */
    attendee_email: nullable(text),
    seat_id: nullable(text),
    seats_taken: nullable(integer),
    /** A pending booking blocks nothing from then on. */
    expires_at: nullable(instant),
    cancellation_reason: nullable(text),
    calendar_event_id: nullable(text),
    meeting_url: nullable(text),
    metadata: json<Readonly<Record<string, string>>>(),
    updated_at: instant,
    ...history,
  },
  {
    key: ['id'],
    indexes: [
      ['account_id', 'start_time', 'position'],
      ['account_id', 'position'],
      ['user_id', 'start_time', 'position'],
      ['series_id'],
      ['account_id', 'attendee_email', 'start_time', 'position'],
    ],
  },
);

/** Who else attends besides the lead, to look bookings up by. */
export const bookingHosts = defineTable(
  'booking_hosts',
  { booking_id: text, user_id: text, ...tenant, account_id: text },
  { key: ['booking_id', 'user_id'], indexes: [['user_id']] },
);

/** Who has a seat of a booking, where the event type has seats. Those who left have no row. */
export const bookingSeats = defineTable(
  'booking_seats',
  {
    booking_id: text,
    seat_id: text,
    ...tenant,
    account_id: text,
    attendee_email: nullable(text),
    /** Of the attendee, where they have said it. */
    timezone: nullable(text),
  },
  { key: ['booking_id', 'seat_id'], indexes: [['account_id', 'attendee_email']] },
);
