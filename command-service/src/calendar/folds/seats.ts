import type { CalendarEvent } from '../events.ts';
import type { BookingRecord, CalendarState } from '../state/state.ts';
import { changeBooking, type When, withoutHold } from './records.ts';

type SeatEvent = Extract<CalendarEvent, { type: `calendar.attendee-${string}` }>;

/** Who comes to a booking that is there already, and who goes. */
export function foldSeat(state: CalendarState, { type, data }: SeatEvent, when: When): CalendarState {
  switch (type) {
    case 'calendar.attendee-joined.v1':
      return changeBooking(withoutHold(state, data.hold_id, 'booked'), data.booking_id, when, (booking) =>
        seated(booking, [
          ...(booking.seats ?? []).filter(({ id }) => id !== data.seat_id),
          { id: data.seat_id, attendee: data.attendee, left: false },
        ]),
      );
    case 'calendar.attendee-left.v1':
      return changeBooking(state, data.booking_id, when, (booking) =>
        seated(
          booking,
          (booking.seats ?? []).map((seat) => (seat.id === data.seat_id ? { ...seat, left: true } : seat)),
        ),
      );
  }
}

export function seated(booking: BookingRecord, seats: NonNullable<BookingRecord['seats']>): BookingRecord {
  return { ...booking, seats, seatsTaken: seats.filter(({ left }) => !left).length };
}
