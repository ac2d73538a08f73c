import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { Part } from '../events.ts';
import { type BookingRecord, bookingOf, type CalendarState, isLive } from '../state/state.ts';

interface Asked {
  readonly bookingId: string;
  readonly accountId: string;
  readonly at: Instant;
  readonly ifRevision?: number | undefined;
}

/** @throws {Refusal} `not_found`, also for another account's booking */
export function requireBooking(state: CalendarState, { bookingId, accountId }: Asked): BookingRecord {
  const booking = state.accountId === accountId ? bookingOf(state, bookingId) : undefined;
  if (!booking) throw new Refusal('not_found');
  return booking;
}

/**
 * A booking that is still ahead or under way: confirmed, or waiting for a host who still has time to answer.
 *
 * @throws {Refusal} `booking_closed`
 */
export function requireOpen(state: CalendarState, asked: Asked): BookingRecord {
  const booking = requireBooking(state, asked);
  const ahead = booking.status === 'confirmed' || booking.status === 'pending';
  if (ahead && booking.end > asked.at && isLive(booking, asked.at)) return booking;
  throw new Refusal('booking_closed');
}

/** @throws {Refusal} `revision_conflict` where the booking has changed since the caller read it */
export function requireMatch({ revision }: BookingRecord, { ifRevision }: Asked): void {
  if (ifRevision !== undefined && ifRevision !== revision) throw new Refusal('revision_conflict');
}

/** What a booking or hold that is over gives back of others' calendars. */
export function lettingGo({ parts }: { readonly parts?: readonly Part[] }): { readonly released_parts?: Part[] } {
  return parts && parts.length > 0 ? { released_parts: [...parts] } : {};
}
