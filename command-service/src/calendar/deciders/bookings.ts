import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import type { CancelBooking, CreateBooking, FreeTime, HeldTime, RescheduleBooking } from '../commands.ts';
import type { CalendarEvent } from '../events.ts';
import { bookingOf, type CalendarState, type ClaimRecord, holdOf, isLive } from '../state/state.ts';
import { claimed, movingRules, type Time, timeOfHold, wanted } from './claims.ts';
import { requireHold } from './holds.ts';
import { claimsFrom, requireSlot } from './judging.ts';
import { opening } from './opening.ts';
import { behalf, requireAllowed } from './policies.ts';
import { lettingGo, requireBooking, requireMatch, requireOpen } from './requirements.ts';

/** Takes a free time, or the time of a live hold, for an attendee; or seats them in a booking that is there. */
export function createBooking({ data }: CreateBooking, state: CalendarState): readonly CalendarEvent[] {
  const { bookingId, userId, accountId, rules, attendee, metadata, seatId, at } = data;
  if (bookingOf(state, bookingId) || isSeated(state, data)) return [];
  const hold = isHeld(data.time) ? requireHold(state, data.time.holdId, data) : undefined;
  const time = isHeld(data.time) ? timeOfHold(hold!) : wanted(data.time, rules);
  const { joins } = requireSlot(state, { ...time, userId, rules, at });
  const kept = hold && { hold_id: hold.id };
  const shared = joins === undefined ? undefined : sharedBooking(state, rules.eventTypeId, time, at);
  if (shared) {
    const joined = { booking_id: shared.id, user_id: userId, seat_id: seatId, attendee, metadata, ...kept };
    return [{ type: 'calendar.attendee-joined.v1', data: joined }];
  }
  const booked = {
    booking_id: bookingId,
    user_id: userId,
    account_id: accountId,
    event_type_id: rules.eventTypeId,
    ...claimed(time, rules),
    attendee,
    metadata,
    ...kept,
    ...(rules.terms.seats !== undefined && { seat_id: seatId }),
  };
  return [...opening(state, data), createdOrRequested(booked, time.start, data)];
}

function createdOrRequested(
  booked: Extract<CalendarEvent, { type: 'calendar.booking-created.v1' }>['data'],
  start: Instant,
  { at, confirmWithinMs }: CreateBooking['data'],
): CalendarEvent {
  if (confirmWithinMs === undefined) return { type: 'calendar.booking-created.v1', data: booked };
  const expires_at = toIso(Math.min(start, at + confirmWithinMs));
  return { type: 'calendar.booking-requested.v1', data: { ...booked, expires_at } };
}

/**
 * Moves a booking to another start of the same host, in one event. It keeps its id, length and status; its own time
 * is free for itself, and limits count it once. An event type's later change of durations does not strand it.
 */
export function rescheduleBooking({ data }: RescheduleBooking, state: CalendarState): readonly CalendarEvent[] {
  const { userId, at, start, reason } = data;
  const booking = requireOpen(state, data);
  if (booking.start === start) return [];
  requireMatch(booking, data);
  requireAllowed(booking, data);
  // Whoever asks has read the booking before a plan moved it, and would now plan this move as well.
  if (booking.elsewhere || booking.parts?.length) throw new Refusal('too_much_contention');
  const durationMinutes = (booking.end - booking.start) / minute;
  const rules = movingRules(data.rules, durationMinutes);
  requireSlot(state, { start, durationMinutes, userId, rules, at, ignoreClaimId: booking.id });
  return [
    {
      type: 'calendar.booking-rescheduled.v1',
      data: {
        booking_id: booking.id,
        user_id: userId,
        ...claimed({ start, durationMinutes }, rules),
        previous_start_time: toIso(booking.start),
        previous_end_time: toIso(booking.end),
        user_ids: [userId],
        ...(reason && { reason }),
        ...behalf(data),
        ...(booking.status === 'pending' && { expires_at: toIso(Math.min(start, at + data.confirmWithinMs)) }),
      },
    },
  ];
}

export function cancelBooking({ data }: CancelBooking, state: CalendarState): readonly CalendarEvent[] {
  if (requireBooking(state, data).status === 'cancelled') return [];
  const booking = requireOpen(state, data);
  requireMatch(booking, data);
  requireAllowed(booking, data);
  const { userId, reason } = data;
  const of = { booking_id: booking.id, user_id: userId, ...(reason && { reason }), ...behalf(data) };
  return [{ type: 'calendar.booking-cancelled.v1', data: { ...of, ...lettingGo(booking) } }];
}

function isHeld(time: FreeTime | HeldTime): time is HeldTime {
  return 'holdId' in time;
}

/** The booking that an attendee joins. Without one, there are only holds of seats at that start. */
function sharedBooking(state: CalendarState, eventTypeId: string, time: Time, at: Instant): ClaimRecord | undefined {
  const end = time.start + time.durationMinutes * minute;
  return claimsFrom(state, time.start, time.start).find(
    (claim) => claim.kind === 'booking' && claim.eventTypeId === eventTypeId && claim.end === end && isLive(claim, at),
  );
}

/** Whether the attendee has or had this seat already: a repeat. */
function isSeated(state: CalendarState, { time, seatId }: CreateBooking['data']): boolean {
  const start = isHeld(time) ? holdOf(state, time.holdId)?.start : time.start;
  if (start === undefined) return false;
  return claimsFrom(state, start, start).some(
    (claim) => claim.kind === 'booking' && claim.seats?.some(({ id }) => id === seatId),
  );
}
