import type { SlotTokens } from '@agentcal/shared/http/slot-token';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { isDerivedCommandId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { minute } from '@agentcal/shared/kernel/time';
import type { Slot } from '@agentcal/shared/resources/slot';
import { newEvents } from '../../executor/new-events.ts';
import type { CommittedEvent, Executed, Executor } from '../../executor/port.ts';
import type { PlanMove } from '../../scheduling/commands.ts';
import type { CalendarCommand, RepeatOnly } from '../commands.ts';
import * as calendar from '../decider.ts';
import type { CalendarEvent } from '../events.ts';
import type { CalendarState } from '../state/state.ts';
import { lettingGo, releaseParts } from './release.ts';

export type Written = Executed<CalendarState, CalendarEvent>;

export interface Order {
  readonly userId: string;
  readonly command: CalendarCommand | PlanMove;
  readonly context: CommandContext;
  readonly dryRun?: boolean | undefined;
}

/**
 * Sends a command to a calendar, and to others what follows of it for them. As a dry run it is judged by the same decider,
 * and nothing is appended.
 */
export async function carryOut(executor: Executor, { userId, command, context, dryRun }: Order): Promise<Written> {
  if (command.type === 'PlanMove') return carryOutMove(executor, { userId, context, dryRun, command });
  if (dryRun) return rehearse(executor, userId, command, context);
  const written = await executor.execute(calendar, userId, command, context);
  let { position } = written;
  for (const letting of lettingGo(written.events)) {
    const reached = await releaseParts(executor, context, letting).catch(leaveToTheJob);
    if (reached !== undefined && reached > position) position = reached;
  }
  return { ...written, position };
}

/** A move that went without a plan the first time, is found where it was written. */
async function carryOutMove(
  executor: Executor,
  { userId, context, dryRun, command }: Order & { readonly command: PlanMove },
): Promise<Written> {
  if (!dryRun && isDerivedCommandId(context.commandId)) {
    const unknown = new Refusal('not_found');
    const repeat = { type: 'RepeatOnly', data: { refusal: unknown } } as const;
    const before = await executor.execute(calendar, userId, repeat, context).catch((error) => {
      if (error !== unknown) throw error;
    });
    if (before) return before;
  }
  return command.carryOut(dryRun);
}

/** The command has happened, and what others are to give back is in the log: a job sees to it as well. */
function leaveToTheJob(error: unknown): undefined {
  if (!(error instanceof Refusal)) throw error;
}

async function rehearse(
  executor: Executor,
  userId: string,
  command: CalendarCommand,
  context: CommandContext,
): Promise<Written> {
  const { state, revision, position } = await executor.load(calendar, userId, { fresh: true });
  const events = newEvents(calendar.decide(command, state), context).map((event, index) => ({
    ...event,
    streamId: `${calendar.category}-${userId}`,
    revision: revision + 1 + index,
  })) as unknown as CommittedEvent<CalendarEvent>[];
  const after = events.reduce<CalendarState>((folded, event) => calendar.evolve(folded, event as never), state);
  return { state: after, revision: revision + events.length, position, events, repeated: false };
}

/**
 * Prepares a command, or says why that is no longer possible, in a form that still finds its repeat: what
 * succeeded once is answered the same, also after its slot id has expired or its event type was retired.
 */
export async function preparedOrRepeat<C extends CalendarCommand | PlanMove>(
  context: CommandContext,
  prepare: () => Promise<C>,
): Promise<C | RepeatOnly> {
  try {
    return await prepare();
  } catch (error) {
    if (!(error instanceof Refusal) || !isDerivedCommandId(context.commandId)) throw error;
    return { type: 'RepeatOnly', data: { refusal: error } };
  }
}

interface Offered {
  readonly eventTypeId: string;
  readonly at: number;
  /** Who of the event type's hosts it is, is decided again when it is taken. */
  readonly byHosts?: boolean | undefined;
}

/** Lets an agent take an alternative by its slot id, without another question. */
export async function withSlotIds<T>(
  slots: SlotTokens,
  { eventTypeId, at, byHosts }: Offered,
  carrying: Promise<T>,
): Promise<T> {
  try {
    return await carrying;
  } catch (error) {
    if (!(error instanceof Refusal) || !error.extras.alternatives) throw error;
    const alternatives = (error.extras.alternatives as Slot[]).map((slot): Slot => {
      if (slot.slot_id !== undefined) return slot;
      const start = Date.parse(slot.start_time);
      const durationMinutes = (Date.parse(slot.end_time) - start) / minute;
      const offer = { eventTypeId, start, durationMinutes, ...(!byHosts && { userId: slot.user_ids[0]! }) };
      return { ...slot, slot_id: slots.issue(offer, at) };
    });
    throw new Refusal(error.code, error.message, { ...error.extras, alternatives });
  }
}
