import { type EventStore, WrongExpectedRevision } from '@agentcal/shared/event-store/port';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { eventIdFrom } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { CommandReserved } from './events.ts';
import { metadataOf } from './new-events.ts';

export interface Reservation {
  /** Taken by this very call, so nobody can have appended the command before. */
  readonly first: boolean;
  /** The command's events, if any, are after this revision of its stream. */
  readonly afterRevision: number;
}

/**
 * Keeps one idempotency key from meaning two commands on two streams, where unique event ids do not.
 *
 * @param nonce tells this call's reservation from another's; the same on every retry of this call.
 * @throws {Refusal} `idempotency_key_reused`
 */
export async function reserve(
  store: EventStore,
  streamId: string,
  revision: number,
  context: CommandContext,
  nonce: string,
): Promise<Reservation> {
  const { commandId } = context;
  const data: CommandReserved['data'] = { command_id: commandId, stream_id: streamId, after_revision: revision };
  const id = eventIdFrom(`${commandId}\n${nonce}`, 0);
  try {
    const event = { id, type: CommandReserved.type, data, metadata: metadataOf(context) };
    await store.append(`command-${commandId}`, 'no_stream', [event]);
    return { first: true, afterRevision: revision };
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
    return await earlier(store, streamId, context, error);
  }
}

async function earlier(
  store: EventStore,
  streamId: string,
  { commandId, fingerprint }: CommandContext,
  conflict: WrongExpectedRevision,
): Promise<Reservation> {
  for await (const { data, metadata } of store.readStream(`command-${commandId}`, { maxCount: 1 })) {
    const reserved = data as CommandReserved['data'];
    if (reserved.stream_id !== streamId || metadata.fingerprint !== fingerprint) {
      throw new Refusal('idempotency_key_reused');
    }
    return { first: false, afterRevision: reserved.after_revision };
  }
  throw conflict;
}
