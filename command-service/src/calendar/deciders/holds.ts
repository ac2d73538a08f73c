import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, second, toIso } from '@agentcal/shared/kernel/time';
import type { PlaceHold, ReleaseHold, Rules } from '../commands.ts';
import type { CalendarEvent } from '../events.ts';
import { type CalendarState, type HoldRecord, holdOf, isLive, partOf } from '../state/state.ts';
import { claimed, wanted } from './claims.ts';
import { requireSlot } from './judging.ts';
import { opening } from './opening.ts';
import { lettingGo } from './requirements.ts';

/** How long a hold lasts. Long enough for a person on the phone to say yes, short enough to be no booking. */
export const ttlSeconds = { minimum: 30, maximum: 1800, default: 300 } as const;

/** Live holds on one calendar: so that neither one key nor one account's keys together keep it from everyone else. */
export const maxHolds = { perHolder: 10, perCalendar: 50 } as const;

/** Keeps a slot for somebody. It is judged as a booking is, so what is held can be booked. */
export function placeHold({ data }: PlaceHold, state: CalendarState): readonly CalendarEvent[] {
  const { holdId, userId, accountId, rules, holder, at } = data;
  if (holdOf(state, holdId)) return [];
  const time = wanted(data, rules);
  requireRoomFor(state, holder, at);
  requireSlot(state, { ...time, userId, rules, at });
  return [
    ...opening(state, data),
    {
      type: 'calendar.slot-held.v1',
      data: {
        hold_id: holdId,
        user_id: userId,
        account_id: accountId,
        event_type_id: rules.eventTypeId,
        ...claimed(time, rules),
        expires_at: toIso(at + data.ttlSeconds * second),
        holder,
      },
    },
  ];
}

/** Gives a held slot back. A hold that is gone, however it went, is given back already. */
export function releaseHold({ data }: ReleaseHold, state: CalendarState): readonly CalendarEvent[] {
  const hold = state.accountId === data.accountId ? holdOf(state, data.holdId) : undefined;
  if (!hold) throw new Refusal('not_found');
  if (hold.outcome !== 'open' || !isLive(hold, data.at)) return [];
  const released = { hold_id: hold.id, user_id: data.userId, ...lettingGo(hold) };
  return [{ type: 'calendar.hold-released.v1', data: released }];
}

/** @throws {Refusal} `not_found`, or `hold_expired` where it has expired, was released or became a booking */
export function requireHold(
  state: CalendarState,
  holdId: string,
  { accountId, rules, at }: { readonly accountId: string; readonly rules: Rules; readonly at: Instant },
): HoldRecord {
  const isOwn = state.accountId === accountId;
  const hold = isOwn ? holdOf(state, holdId) : undefined;
  // What a plan gives back leaves a tombstone, a hold among others.
  if (isOwn && partOf(state, holdId)?.kind === 'tombstone')
    throw new Refusal('hold_expired', 'The hold was released already');
  if (!hold || hold.eventTypeId !== rules.eventTypeId) throw new Refusal('not_found', 'There is no such hold');
  if (hold.outcome === 'open' && isLive(hold, at)) return hold;
  throw new Refusal('hold_expired', hold.outcome === 'open' ? undefined : `The hold was ${hold.outcome} already`);
}

/** @throws {Refusal} `too_many_holds` */
export function requireRoomFor({ openHolds }: CalendarState, holder: string, at: Instant): void {
  const live = openHolds.filter((hold) => isLive(hold, at));
  const own = live.filter((hold) => hold.holder === holder);
  if (own.length < maxHolds.perHolder && live.length < maxHolds.perCalendar) return;
  const counted = own.length < maxHolds.perHolder ? live : own;
  const soonest = Math.min(...counted.map(({ expiresAt }) => expiresAt));
  throw new Refusal('too_many_holds', undefined, { retryAfterSeconds: Math.ceil((soonest - at) / second) });
}
