import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { type Interval, minute } from '@agentcal/shared/kernel/time';
import { realTiming } from '../executor/pauses.ts';
import type { Executor } from '../executor/port.ts';
import type { Desk } from './desk.ts';
import { declineExpired } from './expired.ts';
import { isUndecided, judgedPatiently } from './patience.ts';
import type { PlanDeps } from './plan-deps.ts';
import type { TeamAsk } from './team.ts';

/** What a judgement of one start is made with, and in which attempt. */
export interface Asking {
  readonly deps: Pick<PlanDeps, 'timing'> & { readonly executor: Executor };
  readonly context: CommandContext;
  readonly accountId: string;
  readonly ask: TeamAsk;
  readonly attempt: number;
}

/** Whether what stands in the way of that time may be gone in a moment, or has just been taken out of it. */
export async function mayPass(desk: Desk, context: CommandContext, time: Interval): Promise<boolean> {
  return (await isUndecided(desk, time)) || (await declineExpired(desk.executor, context, desk.calendars, time));
}

/** One start, judged by calendars at hand first and by those of now before it is refused. */
export function judged<T>(asking: Asking, judge: (desk: Desk) => Promise<T>): Promise<T> {
  const { deps, context, accountId, attempt } = asking;
  const { start, durationMinutes } = asking.ask;
  const time = { start, end: start + durationMinutes * minute };
  const { executor, timing = realTiming } = deps;
  const of = { accountId, at: context.at, fresh: attempt > 1 };
  return judgedPatiently({ executor, timing }, of, judge, (desk) => mayPass(desk, context, time));
}
