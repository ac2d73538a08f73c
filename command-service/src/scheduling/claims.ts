import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, minute } from '@agentcal/shared/kernel/time';
import type { ClaimParts, Rules, WantedPart } from '../calendar/commands.ts';
import type { Part } from '../calendar/events.ts';
import { byCalendar } from '../calendar/execution/steps.ts';
import { rulesFrom } from '../calendar/requests/rules.ts';
import { findAnyEventType } from '../event-type/access.ts';
import type { Executor } from '../executor/port.ts';
import { findAnyUser } from '../user/access.ts';
import type { KnownPlan } from './decider.ts';
import type { PlannedItem, PlannedPart } from './events.ts';

/** What an attempt asks of one calendar. */
export interface CalendarClaims {
  readonly userId: string;
  readonly command: ClaimParts;
}

/**
 * What an attempt claims, calendar by calendar, out of what the plan says and the streams of event types and users say
 * now: so whoever finds the plan can go on with it.
 *
 * @throws {Refusal} where an event type or a host is gone
 */
export async function claimsOf(executor: Executor, plan: KnownPlan, at: Instant): Promise<CalendarClaims[]> {
  const { planned, plannedAt } = plan;
  const { account_id: accountId, plan_id: planId, mode, hold } = planned;
  const all = planned.items.flatMap((item) => item.parts.map((part) => ({ item, part })));
  return Promise.all(
    byCalendar(all, ({ part }) => part.user_id).map(async ([userId, ofUser]): Promise<CalendarClaims> => {
      const wanted = ofUser.map(async ({ item, part }) => {
        const rules = await rulesAgain(executor, accountId, item, part, { at, moves: planned.kind === 'move' });
        return wantedPart(planned.kind, item, part, rules);
      });
      const parts = await Promise.all(wanted);
      const holding = hold && { hold: { expiresAt: Date.parse(hold.expires_at), holder: hold.holder } };
      const data = { userId, accountId, at, planId, plannedAt, mode, parts, ...holding };
      return { userId, command: { type: 'ClaimParts', data } };
    }),
  );
}

/** The name of the step in which an attempt claims what it asks of a calendar. */
export function claimStep(attempt: number): string {
  return `claim ${attempt}`;
}

async function rulesAgain(
  executor: Executor,
  accountId: string,
  item: PlannedItem,
  { user_id: userId }: PlannedPart,
  { at, moves }: { readonly at: Instant; readonly moves: boolean },
): Promise<Rules> {
  const user = await findAnyUser(executor, accountId, userId);
  if (user.state.status === 'removed') throw new Refusal('host_unavailable', 'A host has been removed');
  const eventType = await findAnyEventType(executor, accountId, item.event_type_id);
  if (eventType.state.status === 'retired' && !moves) throw new Refusal('not_found');
  const rules = await rulesFrom(executor, eventType, user.state, { at });
  return { ...rules, ...(item.grid_timezone !== undefined && { gridTimezone: item.grid_timezone }) };
}

function wantedPart(
  kind: KnownPlan['planned']['kind'],
  item: PlannedItem,
  { user_id: userId, part_id: partId, hold_id: holdId, instead_of: insteadOf }: PlannedPart,
  rules: Rules,
): WantedPart {
  const [start, end] = [Date.parse(item.start_time), Date.parse(item.end_time)];
  const isHome = kind === 'hold' && userId === item.user_id;
  return {
    partId,
    bookingId: item.booking_id,
    start,
    durationMinutes: (end - start) / minute,
    rules,
    ...(holdId !== undefined && { holdId }),
    ...(insteadOf !== undefined && { insteadOf }),
    ...(kind === 'move' && { moves: true }),
    ...(isHome && { hosts: { userIds: item.user_ids, parts: partsElsewhere(item) } }),
  };
}

/** What a booking or hold has of calendars other than the one that records it. */
export function partsElsewhere({ user_id: home, parts }: PlannedItem): Part[] {
  return parts.filter(({ user_id }) => user_id !== home).map(({ user_id, part_id }) => ({ user_id, part_id }));
}
