import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import * as calendar from '../calendar/decider.ts';
import type { Written } from '../calendar/execution/carry-out.ts';
import { byCalendar } from '../calendar/execution/steps.ts';
import type { Executor } from '../executor/port.ts';
import type { PlannedData, Planner } from './commands.ts';
import { Desk } from './desk.ts';
import { supposeClaimed } from './items.ts';
import { type Arranged, arrange } from './runner.ts';
import { settlingCommand } from './settle.ts';

/** What a plan has led to, or would lead to, by the calendar that records it. */
export interface Outcome {
  readonly planned: PlannedData;
  /** The bookings or holds that happen. */
  readonly bookingIds: readonly string[];
  /** Of everything planned and refused, by the part of it that was. */
  readonly refused: Arranged['plan']['refused'];
  readonly calendars: ReadonlyMap<string, Written>;
}

/** Carries a plan out; as a dry run it is judged by the same deciders, and nothing is appended. */
export function carryOutPlan(
  executor: Executor,
  { context, planner, dryRun }: { context: CommandContext; planner: Planner; dryRun: boolean | undefined },
): Promise<Outcome> {
  return dryRun ? rehearse(executor, context, planner) : perform(executor, context, planner);
}

async function perform(executor: Executor, context: CommandContext, planner: Planner): Promise<Outcome> {
  const { plan, calendars, position } = await arrange(executor, context, planner);
  const { planned, bookingIds, refused } = plan;
  const written = new Map<string, Written>();
  for (const home of new Set(planned.items.map(({ user_id }) => user_id))) {
    const done = calendars.get(home) ?? (await asItIs(executor, home));
    // Whoever waits for this position sees all calendars of the plan.
    written.set(home, { ...done, position });
  }
  return { planned, bookingIds, refused, calendars: written };
}

async function rehearse(executor: Executor, context: CommandContext, planner: Planner): Promise<Outcome> {
  const planned = await planner(1);
  const { at, accountId = '' } = context;
  const desk = new Desk(executor, { accountId, at, fresh: true });
  await supposeClaimed(desk, planned);
  const plan = { phase: 'completed' as const, planned, plannedAt: at, bookingIds: [], refused: [] };
  const calendars = new Map<string, Written>();
  for (const [home, items] of byCalendar(planned.items, ({ user_id }) => user_id)) {
    if (planned.kind !== 'hold') await desk.suppose(home, settlingCommand(plan, home, items, at));
    const state = await desk.calendarOf(home);
    calendars.set(home, { state, revision: -1, position: 0n, events: [], repeated: false });
  }
  return { planned, bookingIds: planned.items.map(({ booking_id }) => booking_id), refused: [], calendars };
}

async function asItIs(executor: Executor, home: string): Promise<Written> {
  return { ...(await executor.load(calendar, home, { fresh: true })), events: [], repeated: false };
}
