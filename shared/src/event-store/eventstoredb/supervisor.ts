import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { StoreUnavailable } from '../port.ts';
import { loadClient, openClient } from './client.ts';
import { meaningOf } from './errors.ts';
import { type Lease, leaseOf, type Use } from './lease.ts';

export type Log = Pick<Logger, 'info' | 'warn'>;

/**
 * Hands out one client and replaces it when it fails.
 *
 * A new client instead of a healed one, because this one keeps some failures (a discovery that failed
 * once), notices a hung server only after twenty seconds, and reconnects with growing pauses. The old
 * client serves the calls that it has until they end, so that one slow read cannot cut off an append.
 */
export interface Supervisor {
  /** @throws {StoreUnavailable} where the client failed; every other error of the client as it is */
  run<T>(use: Use<T>): Promise<T>;
  /** Resolves when the calls in flight have ended and the connections are closed. */
  close(): Promise<void>;
}

/** How long a client takes to turn to the leader that it was told of. */
const leaderPauseMs = 50;

export async function createSupervisor(url: string, log: Log): Promise<Supervisor> {
  const family = await loadClient();
  const leases = new Set<Lease>();
  let current: Lease | undefined = lend();
  let closed = false;
  let down = false;

  function lend(): Lease {
    const lease = leaseOf(openClient(family, url));
    leases.add(lease);
    lease.closed.then(() => leases.delete(lease));
    return lease;
  }

  function note(error?: unknown): void {
    if (down === (error !== undefined)) return;
    down = !down;
    if (down) log.warn({ reason: messageOf(error) }, 'the event store does not answer');
    else log.info('the event store answers again');
  }

  async function attempt<T>(use: Use<T>): Promise<T> {
    if (closed) throw new StoreUnavailable('the store is closed');
    current ??= lend();
    const lease = current;
    try {
      const result = await lease.use(use);
      note();
      return result;
    } catch (error) {
      const meaning = meaningOf(error);
      if (meaning !== 'unavailable' && meaning !== 'denied') throw error;
      note(error);
      if (meaning === 'unavailable') {
        if (current === lease) current = undefined;
        lease.retire();
      }
      throw new StoreUnavailable(messageOf(error));
    }
  }

  return {
    async run(use) {
      try {
        return await attempt(use);
      } catch (error) {
        if (meaningOf(error) !== 'not_leader') throw error;
      }
      await sleep(leaderPauseMs);
      return attempt(use).catch((error) => {
        throw meaningOf(error) === 'not_leader' ? new StoreUnavailable(messageOf(error)) : error;
      });
    },
    async close() {
      closed = true;
      const open = [...leases];
      for (const lease of open) lease.retire();
      await Promise.all(open.map((lease) => lease.closed));
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
