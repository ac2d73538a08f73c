import { isDerivedCommandId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import * as calendar from '../calendar/decider.ts';
import { findHost } from '../calendar/requests/prepare.ts';
import type { Wanted } from '../calendar/requests/wanted.ts';
import { findAnyEventType } from '../event-type/access.ts';
import type { Executor } from '../executor/port.ts';
import { isPassing } from './attempt.ts';
import { isForTeam, isPlanned, type TeamOrder } from './book.ts';
import { declineExpired } from './expired.ts';

/** How a request is decided, in either of the two places. */
export interface Ways<T> {
  readonly byPlan: () => Promise<T>;
  /** @param instead where it cannot be made there any more, and may only have been: its refusal then */
  readonly inCalendar: (userId: string, instead?: Refusal) => Promise<T>;
}

/**
 * Decides a new booking or hold where its event type has it decided: by a plan, or in the calendar of its one host. The
 * event type may have had it otherwise when the request was sent first. So a repeat that is refused where it belongs
 * today is looked for wherever it can have been decided, and answered as it was there.
 */
export async function decideWhere<T>(executor: Executor, order: TeamOrder, ways: Ways<T>): Promise<T> {
  const { wanted, accountId, context, dryRun } = order;
  const byPlan = await isForTeam(executor, order);
  let asked: string | undefined;
  try {
    if (byPlan) return await ways.byPlan();
    asked = await findHost(executor, accountId, wanted);
    return await ways.inCalendar(asked);
  } catch (error) {
    if (!(error instanceof Refusal) || isPassing(error)) throw error;
    if (error.code === 'slot_taken' && asked !== undefined && (await wasExpired(executor, order, asked)))
      return ways.inCalendar(asked);
    if (dryRun || !isDerivedCommandId(context.commandId)) throw error;
    if (!byPlan && (await isPlanned(executor, context))) return ways.byPlan();
    for (const userId of await hostsOf(executor, accountId, wanted)) {
      const before = userId === asked ? undefined : await decidedBefore(userId, ways);
      if (before) return before;
    }
    throw error;
  }
}

/** Whether requests of several hosts, this one among them, were around that time and no longer are. */
async function wasExpired(executor: Executor, { wanted, context }: TeamOrder, userId: string): Promise<boolean> {
  if (!('start' in wanted.time)) return false;
  const { state } = await executor.load(calendar, userId);
  const { start } = wanted.time;
  return declineExpired(executor, context, [state], { start, end: start });
}

async function decidedBefore<T>(userId: string, { inCalendar }: Ways<T>): Promise<T | undefined> {
  const nothing = new Refusal('unexpected');
  return inCalendar(userId, nothing).catch((refusal) => {
    if (refusal !== nothing) throw refusal;
    return undefined;
  });
}

/** In whose calendars a request like this can ever have been decided. */
async function hostsOf(
  executor: Executor,
  accountId: string,
  { userId, eventTypeId }: Wanted,
): Promise<readonly string[]> {
  if (userId !== undefined) return [userId];
  return (await findAnyEventType(executor, accountId, eventTypeId!)).state.onlyHosts;
}
