import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Bus } from '../bus/port.ts';
import type { EventStore } from './port.ts';

export interface OpenEventStoreOptions {
  /** `esdb://…`. Without it the log is in the Postgres of `pool`. */
  readonly eventstoreUrl?: string | undefined;
  readonly pool: Pool;
  readonly bus: Bus;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** The log that the configuration names. An adapter that is not used is not loaded, nor is its client. */
export async function openEventStore({ eventstoreUrl, pool, bus, log }: OpenEventStoreOptions): Promise<EventStore> {
  if (eventstoreUrl) {
    const { createEventStoreDb } = await import('./eventstoredb/store.ts');
    return createEventStoreDb({ url: eventstoreUrl, log });
  }
  const { createPostgresEventStore } = await import('./postgres/store.ts');
  return createPostgresEventStore({ pool, wake: bus });
}
