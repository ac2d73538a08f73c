import {
  type Appended,
  EventIdTaken,
  type ExpectedRevision,
  WrongExpectedRevision,
} from '@agentcal/shared/event-store/port';
import type { Command } from '@agentcal/shared/kernel/decider';
import type { DomainEvent, NewEvent } from '@agentcal/shared/kernel/event';
import { isDerivedCommandId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Call, CallDeps } from './call.ts';
import { newEvents } from './new-events.ts';
import { originals } from './originals.ts';
import { throughOutages } from './pauses.ts';
import type { CommittedEvent, Executed } from './port.ts';

/**
 * Appends what was decided on a revision, if the stream is still there. `undefined` where it is not.
 *
 * An append may succeed because the same event ids stood there already: another try of this command, maybe by another
 * process, maybe with another payload. Then the log is asked what it really holds.
 */
export async function append<C extends Command, S, E extends DomainEvent>(
  deps: CallDeps,
  call: Call<C, S, E>,
  decided: { events: readonly E[]; revision: number },
): Promise<Executed<S, E> | undefined> {
  const { fold, context, budget } = call;
  const events = newEvents(decided.events, context);
  for (const event of events) deps.catalogue.check(event);
  const expected: ExpectedRevision = decided.revision < 0 ? 'no_stream' : decided.revision;
  const asOf = fold.now();
  try {
    const appended = await throughOutages(budget, () => deps.store.append(fold.streamId, expected, events));
    deps.bus.publish('log.appended', {
      streamId: fold.streamId,
      revision: appended.revision,
      position: String(appended.position),
    });
    if (appended.repeated !== false && isDerivedCommandId(context.commandId)) {
      return await throughOutages(budget, () => originals(deps, call, decided.revision + 1, events.length));
    }
    const committed = commit(call, events, decided.revision, appended);
    fold.confirm(asOf);
    return {
      state: fold.state,
      revision: appended.revision,
      position: appended.position,
      events: committed,
      repeated: false,
    };
  } catch (error) {
    if (error instanceof WrongExpectedRevision) return undefined;
    if (error instanceof EventIdTaken) return repeatOrReuse(deps, call, error, events.length);
    throw error;
  }
}

/** Moves the fold over its own events without reading them back. */
function commit<C extends Command, S, E extends DomainEvent>(
  { fold }: Call<C, S, E>,
  events: readonly NewEvent<E>[],
  revision: number,
  { position }: Appended,
): CommittedEvent<E>[] {
  const { streamId } = fold;
  return events.map((event, index) => {
    const committed = { ...event, streamId, revision: revision + 1 + index } as unknown as CommittedEvent<E>;
    fold.apply({ ...committed, position });
    return committed;
  });
}

/** The command is in the log already: in this stream, from before memory, or in another, where it was another command. */
async function repeatOrReuse<C extends Command, S, E extends DomainEvent>(
  deps: CallDeps,
  call: Call<C, S, E>,
  { existing }: EventIdTaken,
  count: number,
): Promise<Executed<S, E>> {
  const here = existing.streamId === call.fold.streamId;
  const from = Math.max(0, existing.revision - count + 1);
  const repeat = here && (await throughOutages(call.budget, () => originals(deps, call, from)));
  if (!repeat) throw new Refusal('idempotency_key_reused');
  return repeat;
}
