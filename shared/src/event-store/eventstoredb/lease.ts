import type { EventStoreDBClient } from '@eventstore/db-client';
import type { OpenClient } from './client.ts';

/** @param retired aborts when this client is given up: whoever holds it longer than one call lets go then */
export type Use<T> = (client: EventStoreDBClient, retired: AbortSignal) => Promise<T>;

/** One client and those who use it now. Once retired it is closed when the last of them is done. */
export interface Lease {
  use<T>(use: Use<T>): Promise<T>;
  retire(): void;
  /** Resolves when the client is retired and closed. */
  readonly closed: Promise<void>;
}

export function leaseOf({ client, close }: OpenClient): Lease {
  const retired = new AbortController();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let users = 0;
  let closing = false;

  function closeWhenIdle(): void {
    if (closing || users > 0 || !retired.signal.aborted) return;
    closing = true;
    resolve(close());
  }

  return {
    closed,
    retire() {
      retired.abort();
      closeWhenIdle();
    },
    async use(use) {
      users += 1;
      try {
        return await use(client, retired.signal);
      } finally {
        users -= 1;
        closeWhenIdle();
      }
    },
  };
}
