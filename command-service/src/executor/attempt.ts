import type { Command } from '@agentcal/shared/kernel/decider';
import type { DomainEvent } from '@agentcal/shared/kernel/event';
import { isDerivedCommandId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { append } from './append.ts';
import type { Call, CallDeps } from './call.ts';
import { judgeAnew, judgeAtOnce } from './judge.ts';
import { originals } from './originals.ts';
import { pause, throughOutages } from './pauses.ts';
import type { Executed } from './port.ts';
import { type Reservation, reserve } from './reservation.ts';

/** Judges and appends until the command is in the log once, or it is certain that it will not be. */
export async function attempt<C extends Command, S, E extends DomainEvent>(
  deps: CallDeps,
  call: Call<C, S, E>,
): Promise<Executed<S, E>> {
  const { budget, fold } = call;
  let reserving: Promise<Reservation | undefined> | undefined;
  const reservation = () => (reserving ??= throughOutages(budget, () => reserveWhereNeeded(deps, call)));
  for (let tried = 1; tried <= budget.patience.contentionTries && !budget.isOver(); tried += 1) {
    const answer = await attemptOnce(deps, call, reservation);
    if (answer) return answer;
    await pause(budget.timing, tried, 4, 100);
    await throughOutages(budget, () => fold.readForward(fold.now()));
  }
  throw new Refusal('too_much_contention', undefined, { retryAfterSeconds: 1 });
}

/** `undefined` where another writer was faster. */
async function attemptOnce<C extends Command, S, E extends DomainEvent>(
  deps: CallDeps,
  call: Call<C, S, E>,
  reservation: () => Promise<Reservation | undefined>,
): Promise<Executed<S, E> | undefined> {
  const { budget, fold } = call;
  const verdict = judgeAtOnce(call) ?? (await throughOutages(budget, () => judgeAnew(call)));
  switch (verdict.kind) {
    case 'refused':
      throw verdict.refusal;
    case 'nothing':
      return { state: fold.state, revision: fold.revision, position: fold.position, events: [], repeated: false };
    case 'known':
      return throughOutages(budget, () => originals(deps, call, verdict.command.firstRevision));
    case 'events': {
      const repeat = await reservedBefore(deps, call, await reservation());
      return repeat ?? append(deps, call, verdict);
    }
  }
}

/** What an earlier call with the same key has appended, where it came that far. */
async function reservedBefore<C extends Command, S, E extends DomainEvent>(
  deps: CallDeps,
  call: Call<C, S, E>,
  reservation: Reservation | undefined,
): Promise<Executed<S, E> | undefined> {
  if (!reservation || reservation.first) return undefined;
  return throughOutages(call.budget, () => originals(deps, call, reservation.afterRevision + 1));
}

async function reserveWhereNeeded<C extends Command, S, E extends DomainEvent>(
  { store }: CallDeps,
  { fold, context, nonce }: Call<C, S, E>,
): Promise<Reservation | undefined> {
  if (store.uniqueEventIds || !isDerivedCommandId(context.commandId)) return undefined;
  return reserve(store, fold.streamId, fold.revision, context, nonce);
}
