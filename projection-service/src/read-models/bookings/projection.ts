import { calendarEvents } from '@agentcal/command-service/calendar/events';
import { defineProjection } from '../../engine/consumer.ts';
import { tenantOf } from '../common.ts';
import { type BookingFold, bookingFolds, byBooking, emailOf } from './fold.ts';
import { bookingSeats, bookings } from './table.ts';

const bySeat = (event: { data: { booking_id: string; seat_id: string } }) => [
  { booking_id: event.data.booking_id, seat_id: event.data.seat_id },
];

/** One row per booking, in its latest state, and one per seat that somebody joined. Feeds the lists of bookings. */
export const bookingsProjection = defineProjection({
  name: 'bookings',
  version: 2,
  definitions: calendarEvents,
  opensPersonalData: true,
  tables: { bookings, booking_seats: bookingSeats },
  on: {
    'calendar.booking-created.v1': kept('calendar.booking-created.v1'),
    'calendar.booking-requested.v1': kept('calendar.booking-requested.v1'),
    'calendar.booking-confirmed.v1': kept('calendar.booking-confirmed.v1'),
    'calendar.booking-declined.v1': kept('calendar.booking-declined.v1'),
    'calendar.booking-rescheduled.v1': kept('calendar.booking-rescheduled.v1'),
    'calendar.booking-cancelled.v1': kept('calendar.booking-cancelled.v1'),
    'calendar.booking-completed.v1': kept('calendar.booking-completed.v1'),
    'calendar.booking-no-show.v1': kept('calendar.booking-no-show.v1'),
    'calendar.booking-linked.v1': kept('calendar.booking-linked.v1'),
    'calendar.attendee-joined.v1': {
      ...kept('calendar.attendee-joined.v1'),
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
});

function kept<T extends keyof typeof bookingFolds>(type: T) {
  return { bookings: { keys: byBooking, fold: bookingFolds[type] as unknown as BookingFold<T> } };
}
