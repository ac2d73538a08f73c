import { type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import { claimed } from '../calendar/deciders/claims.ts';
import { confirmWithinMs, needsConfirmation } from '../calendar/requests/rules.ts';
import type { KnownEventType } from '../event-type/decider.ts';
import type { Loaded } from '../executor/port.ts';
import { claimsOf } from './claims.ts';
import type { PlannedData } from './commands.ts';
import type { Desk } from './desk.ts';
import type { PlannedItem } from './events.ts';
import { bookingIdOf, holdIdOf, partIdOf } from './ids.ts';
import type { Team, TeamAsk } from './team.ts';

/** Which attempt of which plan an item is of. */
export interface Place {
  readonly planId: string;
  readonly attempt: number;
  readonly index: number;
}

/** A new booking, recorded in its lead's calendar. */
export function bookingItem(place: Place, ask: TeamAsk, team: Team, at: Instant): PlannedItem {
  const home = team.userIds[0]!;
  return {
    ...timeAndTeam(ask, team),
    booking_id: bookingIdOf(place.planId, place.index, home),
    user_id: home,
    parts: team.userIds.map((user_id) => ({ user_id, part_id: partOf(place, user_id) })),
    ...expiry(ask.eventType, ask.start, at),
  };
}

/** A hold of everybody's time, recorded in the lead's calendar. */
export function holdItem(place: Place, ask: TeamAsk, team: Team): PlannedItem {
  const { planId, attempt } = place;
  const home = team.userIds[0]!;
  return {
    ...timeAndTeam(ask, team),
    booking_id: holdIdOf(planId, attempt, home),
    user_id: home,
    parts: team.userIds.map((user_id) => ({ user_id, part_id: holdIdOf(planId, attempt, user_id) })),
  };
}

/** A booking of this calendar at another time or with others: what it has now is not in the way of what it gets. */
export function movedItem(
  place: Place,
  booking: { readonly id: string; readonly home: string; readonly isPending: boolean },
  ask: TeamAsk,
  team: Team,
  at: Instant,
): PlannedItem {
  return {
    ...timeAndTeam(ask, team),
    booking_id: booking.id,
    user_id: booking.home,
    parts: team.userIds.map((user_id) => {
      const own = ask.current?.get(user_id);
      return { user_id, part_id: partOf(place, user_id), ...(own !== undefined && { instead_of: own }) };
    }),
    ...(booking.isPending && { expires_at: toIso(expiryOf(ask.eventType, ask.start, at)) }),
  };
}

/** The others of the plan see what this one takes. @throws {Refusal} */
export async function supposeClaimed(desk: Desk, planned: PlannedData): Promise<void> {
  const plan = { phase: 'open' as const, planned, plannedAt: desk.at, bookingIds: [], refused: [] };
  for (const { userId, command } of await claimsOf(desk.executor, plan, desk.at)) await desk.suppose(userId, command);
}

export function partOf({ planId, attempt, index }: Place, userId: string): string {
  return partIdOf(planId, attempt, index, userId);
}

function timeAndTeam({ eventType, start, durationMinutes }: TeamAsk, { userIds, rules, gridTimezone }: Team) {
  const { judged_by } = claimed({ start, durationMinutes }, rules);
  return {
    event_type_id: eventType.state.id,
    start_time: toIso(start),
    end_time: toIso(start + durationMinutes * minute),
    user_ids: [...userIds],
    judged_by,
    ...(gridTimezone !== undefined && { grid_timezone: gridTimezone }),
  };
}

/** Until when it waits for the host, where it does. */
export function expiry(eventType: Loaded<KnownEventType>, start: Instant, at: Instant): { expires_at?: string } {
  if (!needsConfirmation(eventType.state.settings, start, at)) return {};
  return { expires_at: toIso(expiryOf(eventType, start, at)) };
}

function expiryOf({ state: { settings } }: Loaded<KnownEventType>, start: Instant, at: Instant): Instant {
  return Math.min(start, at + confirmWithinMs(settings));
}
