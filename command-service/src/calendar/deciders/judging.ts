import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import type { Slot } from '@agentcal/shared/resources/slot';
import { judgeStart, standsOnGrid } from '@agentcal/shared/scheduling/judge';
import type { HostCalendar, SlotQuery } from '@agentcal/shared/scheduling/model';
import { reachOf } from '@agentcal/shared/scheduling/reach';
import { findSlots } from '@agentcal/shared/scheduling/slots';
import { toLocalIso, weekdayOf } from '@agentcal/shared/scheduling/zone';
import type { Rules } from '../commands.ts';
import { busyWithin } from '../state/busy.ts';
import { between } from '../state/sorted-list.ts';
import {
  type BookingRecord,
  byStart,
  type CalendarState,
  type ClaimRecord,
  isLive,
  type PartRecord,
} from '../state/state.ts';
import { takenWithin } from '../state/taken.ts';

/** One start that somebody wants, and what it is judged by. */
export interface Ask {
  readonly userId: string;
  readonly start: Instant;
  readonly durationMinutes: number;
  readonly rules: Rules;
  /** Now: what has expired by then is in nobody's way. */
  readonly at: Instant;
  /** The now of notice and booking window; earlier than `at` where a hold has kept the time since. */
  readonly judgedAt?: Instant;
  readonly ignoreClaimId?: string;
}

/**
 * Answers where the start is free, and which booking it would join where the event type has seats.
 * The same function of `shared/scheduling` lists slots, so what is listed can be booked.
 *
 * @throws {Refusal} with the rule that forbids it and up to three times that could be had instead
 */
export function requireSlot(state: CalendarState, ask: Ask): { readonly joins?: string } {
  const verdict = judgeStart({ ...queryAt(state, ask), start: ask.start });
  if (verdict.ok) return verdict;
  throw new Refusal(verdict.reason, undefined, { alternatives: alternatives(state, ask) });
}

/**
 * Whether the time of a pending booking, or of a part of one, is still nobody else's. Hours, notice, window, grid and
 * limits were judged when it was requested, and the host who confirms it now may know better than their own hours.
 *
 * @throws {Refusal} `slot_taken`
 */
export function requireStillFree(
  state: CalendarState,
  claim: BookingRecord | PartRecord,
  asked: { readonly at: Instant },
): void {
  const durationMinutes = (claim.end - claim.start) / minute;
  const terms = {
    duration_minutes: durationMinutes,
    buffer_before: claim.bufferBeforeMs / minute,
    buffer_after: claim.bufferAfterMs / minute,
    min_notice_minutes: 0,
    starts: 'any' as const,
    // Holds of further seats stand beside it and are not in its way.
    ...('seats' in claim && { seats: 10_000 }),
  };
  const rules = { eventTypeId: claim.eventTypeId, eventTypeRevision: 0, terms, host: alwaysOpen, shownIn: 'UTC' };
  const ask: Ask = {
    userId: '',
    start: claim.start,
    durationMinutes,
    rules,
    at: asked.at,
    ignoreClaimId: claim.id,
  };
  const verdict = judgeStart({ ...queryAt(state, ask), start: ask.start });
  if (!verdict.ok) throw new Refusal(verdict.reason);
}

const alwaysOpen = {
  schedule: {
    timezone: 'UTC',
    rules: [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time: '00:00', end_time: '24:00' })),
  },
  away: [],
};

/** How many alternatives are told, and how far ahead they are looked for. */
export const wanted = 3;
export const searchedMs = 60 * day;

/** The next free starts after the one that was wanted; where there are none, the first from now on. */
function alternatives(state: CalendarState, ask: Ask): Slot[] {
  const after = freeStarts(state, ask, Math.max(ask.start, ask.at));
  const starts = after.length > 0 ? after : freeStarts(state, ask, ask.at);
  const { shownIn } = ask.rules;
  return starts.map((start) => slotOf(start, { ...ask, shownIn, userIds: [ask.userId] }));
}

/** A start that could be had, in the shape of an availability answer. */
export function slotOf(
  start: Instant,
  of: { readonly durationMinutes: number; readonly shownIn: string; readonly userIds: readonly string[] },
): Slot {
  return {
    start_time: toIso(start),
    end_time: toIso(start + of.durationMinutes * minute),
    local_start: toLocalIso(start, of.shownIn),
    weekday: weekdayOf(start, of.shownIn),
    user_ids: [...of.userIds],
  };
}

function freeStarts(state: CalendarState, ask: Ask, from: Instant): readonly Instant[] {
  const to = from + searchedMs;
  return findSlots({ ...queryAround(state, ask, from, to), now: ask.at, from, to, limit: wanted }).starts;
}

/** The engine's question about the start that is asked for. Mostly its neighbours alone can bear on it. */
function queryAt(state: CalendarState, ask: Ask): SlotQuery {
  const near = queryAround(state, ask, ask.start, ask.start, { ofGrid: true });
  return standsOnGrid(near, ask.start) ? near : queryAround(state, ask, ask.start, ask.start);
}

/** The question about starts within `[from, to]`: of the calendar, what can bear on them. */
function queryAround(state: CalendarState, ask: Ask, from: Instant, to: Instant, starts?: Starts): SlotQuery {
  const { rules, durationMinutes, ignoreClaimId } = ask;
  return {
    terms: rules.terms,
    eventTypeId: rules.eventTypeId,
    host: hostAround(state, ask, from, to, starts),
    durationMinutes,
    now: ask.judgedAt ?? ask.at,
    ...(ignoreClaimId !== undefined && { ignoreClaimId }),
    ...(rules.within && { within: rules.within }),
    ...(rules.gridTimezone !== undefined && { gridTimezone: rules.gridTimezone }),
  };
}

type Starts = Parameters<typeof reachOf>[2];

/** What of the calendar can bear on starts within `[from, to]`, for one who has to be there. */
export function hostAround(state: CalendarState, ask: Ask, from: Instant, to: Instant, starts?: Starts): HostCalendar {
  const { terms, host } = ask.rules;
  const { limits = [] } = host;
  const query = { terms, limits, durationMinutes: ask.durationMinutes, now: ask.judgedAt ?? ask.at };
  const { blocking, counted } = reachOf(query, { from, to }, starts);
  const since = Math.min(blocking.from - state.reach.afterMs, counted.from);
  const until = Math.max(blocking.to + state.reach.beforeMs, counted.to);
  const live = claimsFrom(state, since, until).filter((claim) => isLive(claim, ask.at));
  const isLimited = limits.length > 0 || (terms.limits ?? []).length > 0;
  return {
    ...host,
    userId: ask.userId,
    busy: busyWithin(state.busy, blocking.from, blocking.to),
    claims: isLimited ? [...live, ...takenWithin(state.taken, counted.from, counted.to)] : live,
  };
}

export function claimsFrom(state: CalendarState, from: Instant, to: Instant): ClaimRecord[] {
  type Key = Parameters<typeof byStart>[0];
  // One more millisecond at the end: a claim that starts at `to` itself is of no other use, and does no harm.
  return between<Key, ClaimRecord>(state.claims, { start: from, id: '' }, { start: to + 1, id: '' }, byStart);
}
