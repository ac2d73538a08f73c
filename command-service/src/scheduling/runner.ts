import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { Position } from '@agentcal/shared/kernel/event';
import { type ProblemCode, Refusal } from '@agentcal/shared/kernel/refusal';
import { claimWithinMs } from '../calendar/deciders/parts.ts';
import { Steps, stepContext } from '../calendar/execution/steps.ts';
import { bookingOf } from '../calendar/state/state.ts';
import type { Executor } from '../executor/port.ts';
import { claimAll, isPassing } from './attempt.ts';
import type { PlanCommand, Planner } from './commands.ts';
import type { KnownPlan, PlanState } from './decider.ts';
import * as scheduling from './decider.ts';
import { giveBack, type Settled, settle } from './settle.ts';

/** What came of a plan that was completed. */
export interface Arranged extends Settled {
  readonly plan: KnownPlan;
  readonly position: Position;
}

/** Attempts of one request. Each needs that somebody took, between judging and claiming, what it had chosen. */
const maxAttempts = 12;

/**
 * Carries a request out that spans calendars, or goes on where whoever carried it out before has stopped: to its end,
 * in as many attempts as it takes. See README.md for its steps and what a crash after each comes to.
 *
 * @throws {Refusal} why it is refused; the same for a repeat
 */
export async function arrange(executor: Executor, context: CommandContext, planner: Planner): Promise<Arranged> {
  const steps = new Steps(executor, context);
  const planId = context.commandId;
  let plan = await find(steps, planId);
  if (plan.phase === 'absent') plan = await tell(steps, planId, { type: 'Plan', data: await planner(1) }, context);
  else await recognise(steps, planId, context);
  for (;;) {
    const known = plan as KnownPlan;
    if (known.answer !== undefined) throw new Refusal(known.answer);
    if (known.phase === 'completed') return await finish(steps, known);
    plan = known.phase === 'undone' ? await again(steps, known, planner) : await advance(steps, known);
  }
}

/**
 * Brings a plan that was left alone to an end: finished where it was completed, undone where it was not. The request,
 * if it is sent again, may still make another attempt.
 */
export async function resumePlan(executor: Executor, context: CommandContext, planId: string): Promise<boolean> {
  const steps = new Steps(executor, context);
  let plan = await find(steps, planId);
  if (plan.phase === 'open') plan = await tell(steps, planId, abandonment(plan));
  if (plan.phase === 'refused') plan = await advance(steps, plan);
  if (plan.phase !== 'completed') return false;
  await finish(steps, plan).catch(unlessClosed);
  return true;
}

function unlessClosed(error: unknown): void {
  const isClosed = error instanceof Refusal && (error.code === 'booking_closed' || error.code === 'revision_conflict');
  if (!isClosed) throw error;
}

/** One step further, from a plan that is open or refused. */
async function advance(steps: Steps, plan: KnownPlan): Promise<PlanState> {
  const { plan_id: planId, attempt, items } = plan.planned;
  if (plan.phase === 'open') {
    const isOld = steps.context.at > plan.plannedAt + claimWithinMs / 2;
    return tell(steps, planId, isOld ? abandonment(plan) : await claimOrFollow(steps, plan));
  }
  await giveBack(steps, plan, items);
  const code = plan.code !== undefined && isOfTheTime(plan.code) ? undefined : plan.code;
  return tell(steps, planId, { type: 'UndoPlan', data: { attempt, ...(code !== undefined && { code }) } });
}

/** Whether a refusal is about the time that was chosen, so that judging again may come to another one. */
function isOfTheTime(code: ProblemCode): boolean {
  return passing.has(code) || ofTheTime.has(code);
}
const passing: ReadonlySet<ProblemCode> = new Set(['unavailable', 'too_much_contention', 'too_many_holds']);
const ofTheTime: ReadonlySet<ProblemCode> = new Set([
  ...(['slot_taken', 'limit_reached', 'host_unavailable', 'outside_hours'] as const),
  ...(['too_soon', 'outside_window', 'off_grid', 'duration_not_offered'] as const),
]);

/** Where calendars do not answer as they should, somebody else may have taken the plan over: then that counts. */
async function claimOrFollow(steps: Steps, plan: KnownPlan): Promise<PlanCommand> {
  try {
    return await claimAll(steps, plan);
  } catch (error) {
    if (!(error instanceof Refusal) || !isPassing(error)) throw error;
    const now = await find(steps, plan.planned.plan_id);
    if (now.phase === 'open' && now.planned.attempt === plan.planned.attempt) throw error;
    return abandonment(plan);
  }
}

/** The next attempt, or the end of them. */
async function again(steps: Steps, { planned, code }: KnownPlan, planner: Planner): Promise<PlanState> {
  const { plan_id: planId, attempt } = planned;
  try {
    if (attempt >= maxAttempts) throw new Refusal(code ?? 'too_much_contention');
    return await tell(steps, planId, { type: 'Plan', data: await planner(attempt + 1) });
  } catch (error) {
    if (!(error instanceof Refusal) || passing.has(error.code)) throw error;
    const plan = await tell(steps, planId, { type: 'UndoPlan', data: { attempt, code: error.code } });
    if (plan.phase === 'undone' && plan.answer === error.code) throw error;
    return plan;
  }
}

async function finish(steps: Steps, plan: KnownPlan): Promise<Arranged> {
  const settled = await settle(steps, plan);
  if (!settled.closed) return { ...settled, plan, position: steps.position };
  const { plan_id: planId, attempt, items } = plan.planned;
  const { booking_id: bookingId, user_id: home } = items[0]!;
  const booking = bookingOf(settled.calendars.get(home)!.state, bookingId);
  const isOpen = booking?.status === 'confirmed' || booking?.status === 'pending';
  const code = isOpen && plan.planned.if_revision !== undefined ? 'revision_conflict' : 'booking_closed';
  await tell(steps, planId, { type: 'UndoPlan', data: { attempt, code } });
  throw new Refusal(code);
}

function abandonment({ planned: { attempt } }: KnownPlan): PlanCommand {
  return { type: 'RefusePlan', data: { attempt, claimed: [], refused: { partIds: [], code: 'unavailable' } } };
}

async function find(steps: Steps, planId: string): Promise<PlanState> {
  const loaded = await steps.executor.load(scheduling, planId, { fresh: true });
  if (loaded.revision >= 0) steps.reached(loaded);
  return loaded.state;
}

/** A repeat with another payload is refused here, as it would be by any other stream. */
async function recognise(steps: Steps, planId: string, context: CommandContext): Promise<void> {
  const unknown = new Refusal('unexpected');
  const data = { refusal: unknown };
  await steps.executor.execute(scheduling, planId, { type: 'RepeatOnly', data }, context).catch((error) => {
    // Older than the memory of commands: then only what the plan says is left to go by.
    if (error !== unknown) throw error;
  });
}

/** What the plan has come to, by this command or by somebody else's. */
async function tell(
  steps: Steps,
  planId: string,
  command: PlanCommand,
  context: CommandContext = stepContext(steps.context, planId, nameOf(command)),
): Promise<PlanState> {
  const done = await steps.executor.execute(scheduling, planId, command, context);
  steps.reached(done);
  return done.state;
}

function nameOf({ type, data }: PlanCommand): string {
  const attempt = 'attempt' in data ? data.attempt : '';
  return `${type} ${attempt} ${'code' in data ? data.code : ''}`;
}
