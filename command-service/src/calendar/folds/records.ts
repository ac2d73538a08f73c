import type { Instant } from '@agentcal/shared/kernel/time';
import { put, type SortedList, without } from '../state/sorted-list.ts';
import {
  type BookingRecord,
  bookingOf,
  byId,
  byStart,
  type CalendarRecord,
  type CalendarState,
  type ClaimRecord,
  type HoldRecord,
  holdOf,
  isLive,
  type PartRecord,
  partOf,
  takesTime,
} from '../state/state.ts';

/** When an event happened, and where it stands in the stream. */
export interface When {
  readonly at: Instant;
  readonly revision: number;
}

/** Replaces a record everywhere; a booking that takes no time here, or none any more, is no claim. */
export function withBooking(state: CalendarState, booking: BookingRecord, previous?: BookingRecord): CalendarState {
  const others = previous ? without(state.claims, previous, byStart) : state.claims;
  return {
    ...state,
    records: putById(state.records, booking),
    claims: takesTime(booking) ? putByStart(others, booking) : others,
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

export function withPart(state: CalendarState, part: PartRecord): CalendarState {
  return {
    ...state,
    records: putById(state.records, part),
    claims: putByStart(state.claims, part),
    reach: reachWith(state.reach, part),
  };
}

/** The part is gone, or will never be there: from here on its id is spent. */
export function withoutPart(state: CalendarState, partId: string | undefined, at: Instant): CalendarState {
  if (partId === undefined) return state;
  const part = partOf(state, partId);
  return {
    ...state,
    records: putById(state.records, { kind: 'tombstone', id: partId, at }),
    claims: part?.kind === 'part' ? without(state.claims, part, byStart) : state.claims,
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

function reachWith({ beforeMs, afterMs }: CalendarState['reach'], claim: ClaimRecord): CalendarState['reach'] {
  const after = claim.end - claim.start + claim.bufferAfterMs;
  return claim.bufferBeforeMs <= beforeMs && after <= afterMs
    ? { beforeMs, afterMs }
    : { beforeMs: Math.max(beforeMs, claim.bufferBeforeMs), afterMs: Math.max(afterMs, after) };
}

function putById(records: SortedList<CalendarRecord>, record: CalendarRecord): SortedList<CalendarRecord> {
  return put<{ readonly id: string }, CalendarRecord>(records, record, byId);
}

function putByStart(claims: SortedList<ClaimRecord>, record: ClaimRecord): SortedList<ClaimRecord> {
  return put<Parameters<typeof byStart>[0], ClaimRecord>(claims, record, byStart);
}
