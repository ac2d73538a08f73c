import { Refusal } from '@agentcal/shared/kernel/refusal';
import { hour, toIso } from '@agentcal/shared/kernel/time';
import type { ClaimParts, ReleaseParts, WantedPart } from '../commands.ts';
import type { CalendarEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { type CalendarState, holdOf, partOf } from '../state/state.ts';
import { claimed, movingRules, type Time, timeOfHold } from './claims.ts';
import { requireHold, requireRoomFor } from './holds.ts';
import { requireSlot } from './judging.ts';
import { opening } from './opening.ts';

/**
 * How old a plan may be when it claims. Well below the day for which the tombstones of its released parts are
 * kept: a runner that wakes up later than that is refused by its age, and before that by the tombstone.
 */
export const claimWithinMs = hour;

type Claiming = ClaimParts['data'];

/**
 * Claims several pieces of one calendar's time in one append. Each is judged as a booking would be that came after
 * the ones before it, so that they count in limits and stand in each other's way.
 *
 * Where as many as fit are wanted, one that is refused is left out, and the answer does not say why (see `refusalOf`).
 */
export function claimParts({ data }: ClaimParts, before: CalendarState): readonly CalendarEvent[] {
  const events: CalendarEvent[] = [];
  let state = before;
  for (const part of data.parts) {
    if (isClaimed(state, part)) continue;
    const refusal = refusalOf(data, part, state);
    if (refusal && data.mode === 'all') throw refusal;
    if (refusal) continue;
    const more = [...opening(state, data), claim(data, part)];
    events.push(...more);
    state = more.reduce((folded, event) => evolve(folded, supposed(event, data, folded)), state);
  }
  return events;
}

/** Why a part cannot be claimed as things stand, if so. */
export function refusalOf(data: Claiming, part: WantedPart, state: CalendarState): Refusal | undefined {
  try {
    requireNotSpent(data, part, state);
    const { userId, at, accountId, hold } = data;
    const { rules } = part;
    if (part.holdId !== undefined) requireHold(state, part.holdId, { accountId, rules, at });
    if (hold) requireRoomFor(state, hold.holder, at);
    requireSlot(state, { ...timeOf(part, state), userId, rules: rulesOf(part), at });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

export function isClaimed(state: CalendarState, { partId }: WantedPart): boolean {
  return partOf(state, partId)?.kind === 'part' || holdOf(state, partId)?.outcome === 'open';
}

/** Gives parts and holds of a plan back. One that is not there is kept from ever being claimed. */
export function releaseParts({ data }: ReleaseParts, state: CalendarState): readonly CalendarEvent[] {
  const left = data.partIds.filter((id) => partOf(state, id)?.kind !== 'tombstone');
  if (left.length === 0) return [];
  return [
    ...opening(state, data),
    ...left.map((part_id): CalendarEvent => {
      return { type: 'calendar.part-released.v1', data: { part_id, user_id: data.userId } };
    }),
  ];
}

function requireNotSpent({ plannedAt, at }: Claiming, { partId }: WantedPart, state: CalendarState): void {
  const isOld = Math.max(state.latest, at) > plannedAt + claimWithinMs;
  const isSpent = partOf(state, partId) !== undefined || holdOf(state, partId) !== undefined;
  if (isOld || isSpent) throw new Refusal('unavailable', 'The plan has been given up');
}

function timeOf(part: WantedPart, state: CalendarState): Time {
  const hold = part.holdId === undefined ? undefined : holdOf(state, part.holdId);
  if (hold) return timeOfHold(hold);
  const { start, durationMinutes, insteadOf } = part;
  return { start, durationMinutes, ...(insteadOf !== undefined && { ignoreClaimId: insteadOf }) };
}

/** What moves keeps its length, whether or not the event type still offers it. */
function rulesOf({ rules, durationMinutes, moves }: WantedPart): WantedPart['rules'] {
  return moves ? movingRules(rules, durationMinutes) : rules;
}

function claim({ planId, userId, accountId, hold }: Claiming, part: WantedPart): CalendarEvent {
  const { rules, hosts } = part;
  const common = {
    plan_id: planId,
    user_id: userId,
    account_id: accountId,
    event_type_id: rules.eventTypeId,
    ...claimed(part, rules),
  };
  if (!hold) {
    const kept = part.holdId !== undefined && { hold_id: part.holdId };
    const data = { ...common, part_id: part.partId, booking_id: part.bookingId, ...kept };
    return { type: 'calendar.part-claimed.v1', data };
  }
  const { expiresAt, holder } = hold;
  const shared = hosts && { user_ids: [...hosts.userIds], parts: [...hosts.parts] };
  const data = { ...common, hold_id: part.partId, expires_at: toIso(expiresAt), holder, ...shared };
  return { type: 'calendar.slot-held.v1', data };
}

/** An event as it would be folded, if it came now. */
function supposed(event: CalendarEvent, { at }: Claiming, { latest }: CalendarState) {
  return { ...event, revision: 0, metadata: { occurred_at: toIso(Math.max(at, latest)) } };
}
