import { calendarEvents } from '@agentcal/command-service/calendar/events';
import { bookingView } from '@agentcal/shared/resources/booking-view';
import type { PublicEventType } from '@agentcal/shared/resources/webhook';
import { defineProjection } from '../../engine/consumer.ts';
import type { RowOf } from '../../engine/table.ts';
import { type BookingRow, bookingFolds, byBooking, type CalendarEventOf } from '../bookings/fold.ts';
import { happenedAt } from '../common.ts';
import { publicEvents, publicSequences, toldBookings } from './table.ts';

type ToldBooking = RowOf<(typeof toldBookings)['columns']>;

/**
 * The public events: not the stored ones, but what a customer is told, with the whole thing as it was
 * then, numbered per organization and mode.
 *
 * An event changes the booking it is about; that change counts the sequence on; the sequence's change is the row.
 */
export const publicEventsProjection = defineProjection({
  name: 'public-events',
  version: 2,
  definitions: calendarEvents,
  opensPersonalData: true,
  tables: { told_bookings: toldBookings, public_sequences: publicSequences, public_events: publicEvents },
  on: {
    'calendar.booking-created.v1': tell('calendar.booking-created.v1', 'booking.created'),
    'calendar.booking-requested.v1': tell('calendar.booking-requested.v1', 'booking.requested'),
    'calendar.booking-confirmed.v1': tell('calendar.booking-confirmed.v1', 'booking.confirmed'),
    'calendar.booking-declined.v1': tell('calendar.booking-declined.v1', 'booking.declined'),
    'calendar.booking-rescheduled.v1': tell('calendar.booking-rescheduled.v1', 'booking.rescheduled'),
    'calendar.booking-cancelled.v1': tell('calendar.booking-cancelled.v1', 'booking.cancelled'),
    'calendar.booking-completed.v1': tell('calendar.booking-completed.v1', 'booking.completed'),
    'calendar.booking-no-show.v1': tell('calendar.booking-no-show.v1', 'booking.no_show'),
    'calendar.attendee-joined.v1': tell('calendar.attendee-joined.v1', 'booking.attendee_joined'),
    'calendar.attendee-left.v1': tell('calendar.attendee-left.v1', 'booking.attendee_left'),
    'calendar.booking-linked.v1': noted('calendar.booking-linked.v1'),
    'calendar.opened.v1': 'ignored',
    'calendar.slot-held.v1': 'ignored',
    'calendar.hold-released.v1': 'ignored',
    'calendar.part-claimed.v1': 'ignored',
    'calendar.part-released.v1': 'ignored',
    'calendar.external-busy-mirrored.v1': 'ignored',
  },
  follows: {
    public_sequences: {
      told_bookings: {
        keys: ({ before, after }) =>
          after && before?.event_id !== after.event_id
            ? [{ organization_id: after.organization_id, livemode: after.livemode }]
            : [],
        fold: (row, { after }, key) => (after ? { ...key, last: (row?.last ?? 0) + 1, ...toldOf(after) } : row),
      },
    },
    public_events: {
      public_sequences: {
        keys: ({ after }) =>
          after ? [{ organization_id: after.organization_id, livemode: after.livemode, sequence: after.last }] : [],
        fold: (row, { after }) => {
          if (!after) return row;
          const { last, ...event } = after;
          return { ...event, sequence: last };
        },
      },
    },
  },
});

function tell<T extends keyof typeof bookingFolds>(type: T, told: PublicEventType) {
  const fold = bookingFolds[type] as (row: BookingRow | undefined, event: CalendarEventOf<T>) => BookingRow | undefined;
  return {
    told_bookings: {
      keys: byBooking,
      fold: (row: ToldBooking | undefined, event: CalendarEventOf<T>): ToldBooking | undefined => {
        const booking = fold(row, event);
        const { id, position } = event as { id: string; position: bigint };
        return (
          booking && {
            ...booking,
            event_id: id,
            type: told,
            told_at: happenedAt(event as never),
            told_position: Number(position),
          }
        );
      },
    },
  };
}

/** Nothing is told of it by itself: what is told next about the booking shows it. */
function noted<T extends keyof typeof bookingFolds>(type: T) {
  const fold = bookingFolds[type] as (row: BookingRow | undefined, event: CalendarEventOf<T>) => BookingRow | undefined;
  return {
    told_bookings: {
      keys: byBooking,
      fold: (row: ToldBooking | undefined, event: CalendarEventOf<T>): ToldBooking | undefined => {
        const booking = fold(row, event);
        return row && booking && { ...row, ...booking };
      },
    },
  };
}

function toldOf(booking: ToldBooking) {
  const { event_id, type, told_at, told_position, account_id } = booking;
  return { event_id, type, told_at, told_position, account_id, subject: booking.id, data: bookingView(booking) };
}
