import { type Attendee, calendarEvents } from '@agentcal/command-service/calendar/events';
import { defineProjection } from '../../engine/consumer.ts';
import { tenantOf } from '../common.ts';
import { type BookingFold, type BookingRow, bookingFolds, byBooking, type CalendarEventOf, emailOf } from './fold.ts';
import { bookingHosts, bookingSeats, bookings } from './table.ts';

const bySeat = ({ data }: { data: { booking_id: string; seat_id?: string | undefined } }) =>
  data.seat_id === undefined ? [] : [{ booking_id: data.booking_id, seat_id: data.seat_id }];

const seated = {
  keys: bySeat,
  fold: (_: unknown, event: Seating) => ({
    ...bySeat(event)[0]!,
    ...tenantOf(event),
    account_id: event.metadata.account_id ?? '',
    attendee_email: emailOf(event.data.attendee),
    timezone: (event.data.attendee as Attendee | null)?.timezone ?? null,
  }),
};

type Seating = CalendarEventOf<
  'calendar.booking-created.v1' | 'calendar.booking-requested.v1' | 'calendar.attendee-joined.v1'
>;

/**
 * One row per booking, in its latest state; one per further host, and per seat that somebody has. Feeds the lists of
 * bookings, and what their links show.
 */
export const bookingsProjection = defineProjection({
  name: 'bookings',
  version: 4,
  definitions: calendarEvents,
  opensPersonalData: true,
  tables: { bookings, booking_hosts: bookingHosts, booking_seats: bookingSeats },
  on: {
    'calendar.booking-created.v1': { ...kept('calendar.booking-created.v1'), booking_seats: seated },
    'calendar.booking-requested.v1': { ...kept('calendar.booking-requested.v1'), booking_seats: seated },
    'calendar.booking-confirmed.v1': kept('calendar.booking-confirmed.v1'),
    'calendar.booking-declined.v1': kept('calendar.booking-declined.v1'),
    'calendar.booking-rescheduled.v1': kept('calendar.booking-rescheduled.v1'),
    'calendar.booking-cancelled.v1': kept('calendar.booking-cancelled.v1'),
    'calendar.booking-completed.v1': kept('calendar.booking-completed.v1'),
    'calendar.booking-no-show.v1': kept('calendar.booking-no-show.v1'),
    'calendar.booking-linked.v1': kept('calendar.booking-linked.v1'),
    'calendar.attendee-joined.v1': { ...kept('calendar.attendee-joined.v1'), booking_seats: seated },
    'calendar.attendee-left.v1': {
      ...kept('calendar.attendee-left.v1'),
      booking_seats: { keys: bySeat, fold: () => undefined },
    },
    'calendar.opened.v1': 'ignored',
    'calendar.slot-held.v1': 'ignored',
    'calendar.hold-released.v1': 'ignored',
    'calendar.part-claimed.v1': 'ignored',
    'calendar.part-released.v1': 'ignored',
    'calendar.external-busy-mirrored.v1': 'ignored',
  },
  follows: {
    booking_hosts: {
      bookings: {
        keys: ({ before, after }) => {
          const users = new Set([...othersOf(before), ...othersOf(after)]);
          return [...users].map((user_id) => ({ booking_id: (after ?? before)!.id, user_id }));
        },
        fold: (_, { after }, { booking_id, user_id }) => {
          if (!after || !othersOf(after).includes(user_id)) return undefined;
          const { organization_id, livemode, account_id } = after;
          return { booking_id, user_id, organization_id, livemode, account_id };
        },
      },
    },
  },
});

function othersOf(row: BookingRow | undefined): readonly string[] {
  return row?.user_ids?.slice(1) ?? [];
}

function kept<T extends keyof typeof bookingFolds>(type: T) {
  return { bookings: { keys: byBooking, fold: bookingFolds[type] as unknown as BookingFold<T> } };
}
