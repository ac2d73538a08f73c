import { type Attendee, calendarEvents } from '@agentcal/command-service/calendar/events';
import type { BookingStatus } from '@agentcal/shared/resources/booking';
import { type ConsumedEvent, type ConsumedOf, defineProjection } from '../../engine/consumer.ts';
import type { RowOf } from '../../engine/table.ts';
import { beginning, changed, happenedAt, tenantOf } from '../common.ts';
import { bookingSeats, bookings } from './table.ts';

type BookingRow = RowOf<(typeof bookings)['columns']>;
type Event<T extends string> = Extract<ConsumedOf<typeof calendarEvents>, { type: T }>;
type Booked = Event<'calendar.booking-created.v1'> | Event<'calendar.booking-requested.v1'>;

const byBooking = (event: { data: { booking_id: string } }) => [{ id: event.data.booking_id }];
const bySeat = (event: { data: { booking_id: string; seat_id: string } }) => [
  { booking_id: event.data.booking_id, seat_id: event.data.seat_id },
];

/** One row per booking, in its latest state. Feeds the lists of bookings and what webhooks tell. */
export const bookingsProjection = defineProjection({
  name: 'bookings',
  version: 1,
  definitions: calendarEvents,
  opensPersonalData: true,
  tables: { bookings, booking_seats: bookingSeats },
  on: {
    'calendar.booking-created.v1': {
      bookings: { keys: byBooking, fold: (_, event) => booked(event, 'confirmed', null) },
    },
    'calendar.booking-requested.v1': {
      bookings: {
        keys: byBooking,
        fold: (_, event) => booked(event, 'pending', Date.parse(event.data.expires_at)),
      },
    },
    'calendar.booking-confirmed.v1': {
      bookings: { keys: byBooking, fold: (row, event) => moved(row, event, { status: 'confirmed', expires_at: null }) },
    },
    'calendar.booking-declined.v1': {
      bookings: { keys: byBooking, fold: (row, event) => moved(row, event, { status: 'declined' }) },
    },
    'calendar.booking-rescheduled.v1': {
      bookings: {
        keys: byBooking,
        fold: (row, event) =>
          moved(row, event, {
            ...timesOf(event.data),
            ...(event.data.expires_at !== undefined && { expires_at: Date.parse(event.data.expires_at) }),
          }),
      },
    },
    'calendar.booking-cancelled.v1': {
      bookings: {
        keys: byBooking,
        fold: (row, event) =>
          moved(row, event, {
            status: 'cancelled',
            cancellation_reason: (event.data.reason as string | null | undefined) ?? null,
          }),
      },
    },
    'calendar.booking-completed.v1': {
      bookings: { keys: byBooking, fold: (row, event) => moved(row, event, { status: 'completed' }) },
    },
    'calendar.booking-no-show.v1': {
      bookings: { keys: byBooking, fold: (row, event) => moved(row, event, { status: 'no_show' }) },
    },
    'calendar.attendee-joined.v1': {
      bookings: {
        keys: byBooking,
        fold: (row, event) => moved(row, event, { seats_taken: (row?.seats_taken ?? 0) + 1 }),
      },
      booking_seats: {
        keys: bySeat,
        fold: (_, event) => ({
          booking_id: event.data.booking_id,
          seat_id: event.data.seat_id,
          ...tenantOf(event),
          account_id: event.metadata.account_id ?? '',
          attendee_email: emailOf(event.data.attendee),
        }),
      },
    },
    'calendar.attendee-left.v1': {
      bookings: {
        keys: byBooking,
        fold: (row, event) => moved(row, event, { seats_taken: (row?.seats_taken ?? 0) - 1 }),
      },
      booking_seats: { keys: bySeat, fold: () => undefined },
    },
    'calendar.opened.v1': 'ignored',
    'calendar.slot-held.v1': 'ignored',
    'calendar.hold-released.v1': 'ignored',
    'calendar.external-busy-mirrored.v1': 'ignored',
  },
});

function booked(event: Booked, status: BookingStatus, expiresAt: number | null): BookingRow {
  const { data } = event;
  return {
    id: data.booking_id,
    ...tenantOf(event),
    account_id: data.account_id,
    user_id: data.user_id,
    event_type_id: data.event_type_id,
    ...timesOf(data),
    status,
    attendee: data.attendee as Attendee | null,
    attendee_email: emailOf(data.attendee),
    seat_id: data.seat_id ?? null,
    seats_taken: data.seat_id === undefined ? null : 1,
    expires_at: expiresAt,
    cancellation_reason: null,
    metadata: data.metadata,
    updated_at: happenedAt(event),
    ...beginning(event),
  };
}

function moved(row: BookingRow | undefined, event: ConsumedEvent, change: Partial<BookingRow>): BookingRow | undefined {
  return changed(row, event, { ...change, updated_at: happenedAt(event) });
}

function timesOf({ start_time, end_time }: { start_time: string; end_time: string }) {
  return { start_time: Date.parse(start_time), end_time: Date.parse(end_time) };
}

function emailOf(attendee: unknown): string | null {
  return (attendee as Attendee | null)?.email.toLowerCase() ?? null;
}
