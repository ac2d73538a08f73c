import { createHash } from 'node:crypto';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { Position } from '@agentcal/shared/kernel/event';
import type { Executed, Executor } from '../../executor/port.ts';
import type { CalendarCommand } from '../commands.ts';
import * as calendar from '../decider.ts';
import type { CalendarEvent } from '../events.ts';
import type { CalendarState } from '../state/state.ts';

export type OnCalendar = Executed<CalendarState, CalendarEvent>;

/**
 * The context of one of several steps that belong together, such as those of a plan. Its command id follows from what
 * they belong to and the step's name, in the form of those that come from an idempotency key: whoever carries the step
 * out again, in whatever process, finds it.
 */
export function stepContext(context: CommandContext, planId: string, step: string): CommandContext {
  return { ...context, commandId: hash(`${planId}\n${step}`), fingerprint: step };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Carries out steps, and knows how far in the log they have reached. */
export class Steps {
  readonly executor: Executor;
  readonly context: CommandContext;
  position: Position = 0n;

  constructor(executor: Executor, context: CommandContext) {
    this.executor = executor;
    this.context = context;
  }

  async onCalendar(planId: string, step: string, userId: string, command: CalendarCommand): Promise<OnCalendar> {
    const context = stepContext(this.context, planId, `${step}\n${userId}`);
    const done = await this.executor.execute(calendar, userId, command, context);
    this.reached(done);
    return done;
  }

  reached({ position }: { readonly position: Position }): void {
    if (position > this.position) this.position = position;
  }
}

/** By calendar, in the one order in which every plan goes through them. */
export function byCalendar<T>(items: Iterable<T>, userOf: (item: T) => string): [userId: string, items: T[]][] {
  return [...Map.groupBy(items, userOf)].sort(([a], [b]) => (a < b ? -1 : 1));
}
