import type { Attendee, calendarEvents } from '@agentcal/command-service/calendar/events';
import type { BookingStatus } from '@agentcal/shared/resources/booking';
import type { ConsumedEvent, ConsumedOf } from '../../engine/consumer.ts';
import type { RowOf } from '../../engine/table.ts';
import { beginning, changed, happenedAt, tenantOf } from '../common.ts';
import type { bookings } from './table.ts';

export type BookingRow = RowOf<(typeof bookings)['columns']>;
export type CalendarEventOf<T extends string> = Extract<ConsumedOf<typeof calendarEvents>, { type: T }>;

/** What a booking is after an event about it. Shared by the list of bookings and by what is told about them. */
export type BookingFold<T extends string> = (
  row: BookingRow | undefined,
  event: CalendarEventOf<T>,
) => BookingRow | undefined;

const define = <F extends { readonly [T in keyof F & string]: BookingFold<T> }>(folds: F): F => folds;

export const bookingFolds = define({
  'calendar.booking-created.v1': (_, event: CalendarEventOf<'calendar.booking-created.v1'>) =>
    booked(event, 'confirmed', null),
  'calendar.booking-requested.v1': (_, event: CalendarEventOf<'calendar.booking-requested.v1'>) =>
    booked(event, 'pending', Date.parse(event.data.expires_at)),
  'calendar.booking-confirmed.v1': (row, event: CalendarEventOf<'calendar.booking-confirmed.v1'>) =>
    moved(row, event, { status: 'confirmed', expires_at: null }),
  'calendar.booking-declined.v1': (row, event: CalendarEventOf<'calendar.booking-declined.v1'>) =>
    moved(row, event, { status: 'declined' }),
  'calendar.booking-rescheduled.v1': (row, event: CalendarEventOf<'calendar.booking-rescheduled.v1'>) =>
    moved(row, event, {
      ...timesOf(event.data),
      ...(event.data.user_ids && hostsOf(event.data)),
      ...(event.data.expires_at !== undefined && { expires_at: Date.parse(event.data.expires_at) }),
    }),
  'calendar.booking-cancelled.v1': (row, event: CalendarEventOf<'calendar.booking-cancelled.v1'>) =>
    moved(row, event, {
      status: 'cancelled',
      cancellation_reason: (event.data.reason as string | null | undefined) ?? null,
    }),
  'calendar.booking-completed.v1': (row, event: CalendarEventOf<'calendar.booking-completed.v1'>) =>
    moved(row, event, { status: 'completed' }),
  'calendar.booking-no-show.v1': (row, event: CalendarEventOf<'calendar.booking-no-show.v1'>) =>
    moved(row, event, { status: 'no_show' }),
  'calendar.booking-linked.v1': (row, event: CalendarEventOf<'calendar.booking-linked.v1'>) => {
    const { calendar_event_id, meeting_url } = event.data;
    return moved(row, event, {
      ...(calendar_event_id !== undefined && { calendar_event_id }),
      ...(meeting_url !== undefined && { meeting_url }),
    });
  },
  'calendar.attendee-joined.v1': (row, event: CalendarEventOf<'calendar.attendee-joined.v1'>) =>
    moved(row, event, { seats_taken: (row?.seats_taken ?? 0) + 1 }),
  'calendar.attendee-left.v1': (row, event: CalendarEventOf<'calendar.attendee-left.v1'>) =>
    moved(row, event, { seats_taken: (row?.seats_taken ?? 0) - 1 }),
});

export const byBooking = (event: { data: { booking_id: string } }) => [{ id: event.data.booking_id }];

type Booked = CalendarEventOf<'calendar.booking-created.v1'> | CalendarEventOf<'calendar.booking-requested.v1'>;

function booked(event: Booked, status: BookingStatus, expiresAt: number | null): BookingRow {
  const { data } = event;
  return {
    id: data.booking_id,
    ...tenantOf(event),
    account_id: data.account_id,
    ...hostsOf(data),
    event_type_id: data.event_type_id,
    series_id: data.series_id ?? null,
    ...timesOf(data),
    status,
    attendee: data.attendee as Attendee | null,
    attendee_email: emailOf(data.attendee),
    seat_id: data.seat_id ?? null,
    seats_taken: data.seat_id === undefined ? null : 1,
    expires_at: expiresAt,
    cancellation_reason: null,
    calendar_event_id: null,
    meeting_url: null,
    metadata: data.metadata,
    updated_at: happenedAt(event),
    ...beginning(event),
  };
}

function moved(row: BookingRow | undefined, event: ConsumedEvent, change: Partial<BookingRow>): BookingRow | undefined {
  return changed(row, event, { ...change, updated_at: happenedAt(event) });
}

function hostsOf({ user_id, user_ids }: { user_id: string; user_ids?: readonly string[] | undefined }) {
  const several = user_ids !== undefined && user_ids.length > 1;
  return { user_id: user_ids?.[0] ?? user_id, user_ids: several ? user_ids : null };
}

function timesOf({ start_time, end_time }: { start_time: string; end_time: string }) {
  return { start_time: Date.parse(start_time), end_time: Date.parse(end_time) };
}

export function emailOf(attendee: unknown): string | null {
  return (attendee as Attendee | null)?.email.toLowerCase() ?? null;
}
