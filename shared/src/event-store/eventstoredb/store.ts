import type { EventStore, ReadAllOptions } from '../port.ts';
import { append } from './append.ts';
import { follow } from './follow.ts';
import { createGateway } from './gateway.ts';
import { readAll } from './log.ts';
import { readStream } from './stream.ts';
import { createSupervisor, type Log } from './supervisor.ts';
import { createWakeUp } from './wake-up.ts';

export interface EventStoreDbOptions {
  /** `esdb://…` or `esdb+discover://…`, with credentials where the server wants them. Never logged. */
  readonly url: string;
  readonly log?: Log;
  /** A call that hears nothing for so long has failed, with an unknown outcome. */
  readonly timeoutMs?: number;
  /** How often a follower looks for itself, whatever it is told. */
  readonly pollMs?: number;
}

/**
 * The log in EventStoreDB 22.6 or later. See README.md for what can go wrong and what is done about it.
 *
 * The server need not be there yet: until it is, everything is `StoreUnavailable` and followers wait.
 */
export async function createEventStoreDb({
  url,
  log = silent,
  timeoutMs = 5_000,
  pollMs = 1_000,
}: EventStoreDbOptions): Promise<EventStore> {
  const supervisor = await createSupervisor(url, log);
  const gateway = createGateway(supervisor, timeoutMs);
  const read = (options: ReadAllOptions) => readAll(gateway, options);
  const closing = new AbortController();
  const wakeUp = createWakeUp(supervisor, closing.signal);
  return {
    uniqueEventIds: false,
    append: (streamId, expected, events) => append(gateway, streamId, expected, events),
    readStream: (streamId, options) => readStream(gateway, streamId, options),
    readAll: read,
    follow({ signal, ...options }) {
      const ended = AbortSignal.any([signal, closing.signal]);
      return follow({ read, wakeUp, pollMs, log }, { ...options, signal: ended });
    },
    ping: () => gateway.ping(),
    async close() {
      closing.abort();
      await supervisor.close();
    },
  };
}

const silent: Log = { info() {}, warn() {} };
