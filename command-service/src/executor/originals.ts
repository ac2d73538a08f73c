import type { Command } from '@agentcal/shared/kernel/decider';
import type { DomainEvent, RecordedEvent } from '@agentcal/shared/kernel/event';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Call, CallDeps } from './call.ts';
import type { CommittedEvent, Executed } from './port.ts';

/**
 * The answer to a repeat, from the log: the command's own events, at or after a revision of its stream.
 * `undefined` where it has none there. @throws {Refusal} `idempotency_key_reused`
 */
export async function originals<C extends Command, S, E extends DomainEvent>(
  { store, catalogue }: CallDeps,
  { fold, context, arrival }: Call<C, S, E>,
  fromRevision: number,
  maxCount?: number,
): Promise<Executed<S, E> | undefined> {
  const events: RecordedEvent[] = [];
  const options = { fromRevision, ...(maxCount !== undefined && { maxCount }) };
  for await (const event of store.readStream(fold.streamId, options)) {
    if (event.metadata.command_id === context.commandId) events.push(catalogue.lift(event));
    else if (events.length > 0) break;
  }
  const last = events.at(-1);
  if (!last) return undefined;
  if (last.metadata.fingerprint !== context.fingerprint) throw new Refusal('idempotency_key_reused');
  const seen = fold.revision >= last.revision && fold.isAsNewAs(arrival);
  // As of now: a read that is under way may have begun before the command's own events were there.
  if (!seen) await fold.readForward(fold.now());
  return {
    state: fold.state,
    revision: last.revision,
    position: last.position,
    // The stream belongs to this aggregate, and the catalogue lifted them.
    events: events as unknown as CommittedEvent<E>[],
    repeated: true,
  };
}
