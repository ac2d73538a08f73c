import { Refusal } from '@agentcal/shared/kernel/refusal';
import { isClaimed, refusalOf } from '../calendar/deciders/parts.ts';
import type { OnCalendar, Steps } from '../calendar/execution/steps.ts';
import { type CalendarClaims, claimStep, claimsOf } from './claims.ts';
import type { PartsOf, PlanCommand, RefusedParts } from './commands.ts';
import type { KnownPlan } from './decider.ts';

/**
 * Claims what an attempt needs, one calendar after the other, and answers what the plan is to be told: that it is
 * complete, or that it is refused.
 *
 * @throws {Refusal} `unavailable`, `too_much_contention`: nothing is decided
 */
export async function claimAll(steps: Steps, plan: KnownPlan): Promise<PlanCommand> {
  const { attempt } = plan.planned;
  const claimed: PartsOf[] = [];
  const refused: RefusedParts[] = [];
  try {
    for (const claims of await claimsOf(steps.executor, plan, steps.context.at)) {
      const outcome = await claimOn(steps, plan, claims, refused);
      claimed.push(...outcome.claimed);
      refused.push(...outcome.refused);
    }
  } catch (error) {
    if (!(error instanceof Refusal) || isPassing(error)) throw error;
    return refusal(attempt, claimed, { partIds: [], code: error.code });
  }
  const first = refused[0];
  const bookingIds = fitting(plan, refused);
  if (first && (plan.planned.mode === 'all' || bookingIds.length === 0)) return refusal(attempt, claimed, first);
  return { type: 'CompletePlan', data: { attempt, claimed, refused, bookingIds } };
}

async function claimOn(
  steps: Steps,
  plan: KnownPlan,
  { userId, command }: CalendarClaims,
  refusedBefore: readonly RefusedParts[],
): Promise<{ readonly claimed: PartsOf[]; readonly refused: RefusedParts[] }> {
  const { plan_id: planId, attempt, mode } = plan.planned;
  if (mode === 'all' && refusedBefore.length > 0) return { claimed: [], refused: [] };
  const claims = { ...command, data: { ...command.data, parts: stillWanted(plan, command.data.parts, refusedBefore) } };
  const partIds = claims.data.parts.map(({ partId }) => partId);
  if (partIds.length === 0) return { claimed: [], refused: [] };
  try {
    const done = await steps.onCalendar(planId, claimStep(attempt), userId, claims);
    return sorted(userId, claims, done);
  } catch (error) {
    if (!(error instanceof Refusal) || isPassing(error)) throw error;
    return { claimed: [], refused: [{ userId, partIds, code: error.code }] };
  }
}

/** What the calendar has of what was asked. Why it has not the rest is asked afterwards, and may have passed since. */
function sorted(userId: string, { data }: CalendarClaims['command'], { state }: OnCalendar) {
  const has = data.parts.filter((part) => isClaimed(state, part)).map(({ partId }) => partId);
  const refused = data.parts
    .filter(({ partId }) => !has.includes(partId))
    .map((part) => ({ userId, partIds: [part.partId], code: refusalOf(data, part, state)?.code ?? 'slot_taken' }));
  return { claimed: has.length > 0 ? [{ userId, partIds: has }] : [], refused };
}

/** A booking that one of its hosts has refused needs nothing of the others. */
function stillWanted(
  { planned }: KnownPlan,
  parts: CalendarClaims['command']['data']['parts'],
  refused: readonly RefusedParts[],
) {
  const lost = new Set(refused.flatMap(({ partIds }) => partIds));
  const without = planned.items.filter(({ parts }) => parts.some(({ part_id }) => lost.has(part_id)));
  return parts.filter(({ bookingId }) => !without.some(({ booking_id }) => booking_id === bookingId));
}

function fitting({ planned }: KnownPlan, refused: readonly RefusedParts[]): string[] {
  const lost = new Set(refused.flatMap(({ partIds }) => partIds));
  return planned.items
    .filter(({ parts }) => !parts.some(({ part_id }) => lost.has(part_id)))
    .map(({ booking_id }) => booking_id);
}

function refusal(
  attempt: number,
  claimed: readonly PartsOf[],
  refused: Extract<PlanCommand, { type: 'RefusePlan' }>['data']['refused'],
): PlanCommand {
  return { type: 'RefusePlan', data: { attempt, claimed, refused } };
}

/** Says nothing about the time that was asked for. */
export function isPassing({ code }: Refusal): boolean {
  return code === 'unavailable' || code === 'too_much_contention';
}
