import type { Instant } from '@agentcal/shared/kernel/time';
import { put, type SortedList, without } from './sorted-list.ts';
import {
  type BookingRecord,
  bookingOf,
  byId,
  byStart,
  type CalendarRecord,
  type CalendarState,
  type HoldRecord,
  holdOf,
  isFreed,
  isLive,
} from './state.ts';

/** When an event happened, and where it stands in the stream. */
export interface When {
  readonly at: Instant;
  readonly revision: number;
}

/** Replaces a record everywhere; a booking whose time is free again is no claim any more. */
export function withBooking(state: CalendarState, booking: BookingRecord, previous?: BookingRecord): CalendarState {
  const others = previous ? without(state.claims, previous, byStart) : state.claims;
  return {
    ...state,
    records: putById(state.records, booking),
    claims: isFreed(booking.status) ? others : putByStart(others, booking),
    reach: reachWith(state.reach, booking),
  };
}

export function changeBooking(
  state: CalendarState,
  bookingId: string,
  { at, revision }: When,
  change: (booking: BookingRecord) => BookingRecord,
): CalendarState {
  const booking = bookingOf(state, bookingId);
  if (!booking) return state;
  const changed = change(booking);
  return withBooking(state, { ...changed, revision, details: { ...changed.details, updatedAt: at } }, booking);
}

export function withHold(state: CalendarState, hold: HoldRecord): CalendarState {
  return {
    ...state,
    records: putById(state.records, hold),
    claims: putByStart(state.claims, hold),
    openHolds: [...state.openHolds, hold],
    reach: reachWith(state.reach, hold),
  };
}

export function withoutHold(
  state: CalendarState,
  holdId: string | undefined,
  outcome: HoldRecord['outcome'],
): CalendarState {
  const hold = holdId === undefined ? undefined : holdOf(state, holdId);
  if (!hold) return state;
  return {
    ...state,
    records: putById(state.records, { ...hold, outcome }),
    claims: without(state.claims, hold, byStart),
    openHolds: state.openHolds.filter(({ id }) => id !== hold.id),
  };
}

/** Expired holds leave the claims with the next hold, so that they cannot pile up there within a day. */
export function withoutExpiredHolds(state: CalendarState, at: Instant): CalendarState {
  const expired = state.openHolds.filter((hold) => !isLive(hold, at));
  return {
    ...state,
    claims: expired.reduce((claims, hold) => without(claims, hold, byStart), state.claims),
    openHolds: state.openHolds.filter((hold) => isLive(hold, at)),
  };
}

function reachWith({ beforeMs, afterMs }: CalendarState['reach'], claim: CalendarRecord): CalendarState['reach'] {
  const after = claim.end - claim.start + claim.bufferAfterMs;
  return claim.bufferBeforeMs <= beforeMs && after <= afterMs
    ? { beforeMs, afterMs }
    : { beforeMs: Math.max(beforeMs, claim.bufferBeforeMs), afterMs: Math.max(afterMs, after) };
}

type Records = SortedList<CalendarRecord>;

function putById(records: Records, record: CalendarRecord): Records {
  return put<{ readonly id: string }, CalendarRecord>(records, record, byId);
}

function putByStart(claims: Records, record: CalendarRecord): Records {
  return put<Parameters<typeof byStart>[0], CalendarRecord>(claims, record, byStart);
}
