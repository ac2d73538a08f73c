import { Refusal } from '@agentcal/shared/kernel/refusal';
import type {
  CompleteBooking,
  ConfirmBooking,
  DeclineBooking,
  ExpireRequest,
  LeaveSeat,
  MarkNoShow,
} from '../commands.ts';
import type { CalendarEvent } from '../events.ts';
import { type BookingRecord, bookingOf, type CalendarState, isLive } from '../state/state.ts';
import { requireStillFree } from './judging.ts';
import { behalf, requireAllowed } from './policies.ts';
import { lettingGo, requireBooking, requireMatch, requireOpen } from './requirements.ts';

/** The host accepts. What has come into the calendar since the request can be in the way; rules of booking cannot. */
export function confirmBooking({ data }: ConfirmBooking, state: CalendarState): readonly CalendarEvent[] {
  const booking = requireOpen(state, data);
  if (booking.status === 'confirmed') return [];
  requireMatch(booking, data);
  if (!booking.elsewhere) requireStillFree(state, booking, data);
  return [{ type: 'calendar.booking-confirmed.v1', data: { booking_id: booking.id, user_id: data.userId } }];
}

/** The host says no. A confirmed booking is not declined but cancelled. */
export function declineBooking({ data }: DeclineBooking, state: CalendarState): readonly CalendarEvent[] {
  if (requireBooking(state, data).status === 'declined') return [];
  const booking = requireOpen(state, data);
  if (booking.status === 'confirmed')
    throw new Refusal('booking_closed', 'The booking is confirmed: cancel it instead');
  requireMatch(booking, data);
  const declined = { booking_id: booking.id, user_id: data.userId, cause: 'host' as const };
  const reason = data.reason && { reason: data.reason };
  return [{ type: 'calendar.booking-declined.v1', data: { ...declined, ...reason, ...lettingGo(booking) } }];
}

/** Says what has been so since `expires_at`. */
export function expireRequest({ data }: ExpireRequest, state: CalendarState): readonly CalendarEvent[] {
  const booking = askedAbout(state, data);
  if (booking.status !== 'pending') return [];
  if (isLive(booking, data.at)) throw new Refusal('booking_not_due');
  const declined = { booking_id: data.bookingId, user_id: data.userId, cause: 'expired' as const };
  return [{ type: 'calendar.booking-declined.v1', data: { ...declined, ...lettingGo(booking) } }];
}

/** Nothing to say of a booking that was cancelled or moved out of the job's way, or is completed already. */
export function completeBooking({ data }: CompleteBooking, state: CalendarState): readonly CalendarEvent[] {
  const booking = askedAbout(state, data);
  if (booking.status !== 'confirmed') return [];
  if (booking.end > data.at) throw new Refusal('booking_not_due');
  return [{ type: 'calendar.booking-completed.v1', data: { booking_id: data.bookingId, user_id: data.userId } }];
}

/** The booking as the calendar knows it, or as the log does where the calendar has forgotten it. @throws {Refusal} */
function askedAbout(state: CalendarState, data: (ExpireRequest | CompleteBooking)['data']): Asked {
  const { bookingId, accountId, forgotten } = data;
  const isForgotten = forgotten?.accountId === accountId && state.accountId === accountId;
  if (!isForgotten || bookingOf(state, bookingId)) return requireBooking(state, data);
  return { ...forgotten, status: forgotten.expiresAt === undefined ? 'confirmed' : 'pending' };
}

type Asked = Pick<BookingRecord, 'status' | 'end' | 'expiresAt' | 'parts'>;

/** From the start of the meeting on, for as long as the calendar remembers it (see `state/retention.ts`). */
export function markNoShow({ data }: MarkNoShow, state: CalendarState): readonly CalendarEvent[] {
  const booking = requireBooking(state, data);
  if (booking.status === 'no_show') return [];
  const tookPlace = booking.status === 'confirmed' || booking.status === 'completed';
  if (!tookPlace) throw new Refusal('booking_closed');
  if (booking.start > data.at) throw new Refusal('booking_not_due');
  requireMatch(booking, data);
  return [{ type: 'calendar.booking-no-show.v1', data: { booking_id: booking.id, user_id: data.userId } }];
}

/** A seat is given back; with the last one the booking is off. */
export function leaveSeat({ data }: LeaveSeat, state: CalendarState): readonly CalendarEvent[] {
  const seat = requireBooking(state, data).seats?.find(({ id }) => id === data.seatId);
  if (!seat) throw new Refusal('not_found');
  if (seat.left) return [];
  const booking = requireOpen(state, data);
  requireMatch(booking, data);
  requireAllowed(booking, data);
  const reason = data.reason && { reason: data.reason };
  const of = { booking_id: booking.id, user_id: data.userId, ...reason, ...behalf(data) };
  const left: CalendarEvent = { type: 'calendar.attendee-left.v1', data: { ...of, seat_id: seat.id } };
  return booking.seatsTaken === 1 ? [left, { type: 'calendar.booking-cancelled.v1', data: of }] : [left];
}
