import type { PgBoss } from 'pg-boss';
import type { AnyDb } from '../../engine/consumer.ts';
import { openBossQueue } from '../../jobs/boss-queue.ts';
import type { JobQueue, QueueTerms } from '../../jobs/port.ts';
import type { Ledger } from './ledger/port.ts';
import { openPostgresLedger } from './ledger/postgres.ts';
import { type RemovalJob, removalQueue, removalTerms } from './removals.ts';

/** What the reaction writes to, and what the sending of webhooks works off. */
export interface Dispatch {
  readonly ledger: Ledger;
  /** Endpoints that the sender is to forget. */
  readonly removals: JobQueue<RemovalJob>;
}

/** The dispatch in Postgres. */
export async function openDispatch(db: AnyDb, boss: PgBoss, changed: Partial<QueueTerms> = {}): Promise<Dispatch> {
  return {
    ledger: await openPostgresLedger(db),
    removals: await openBossQueue(boss, removalQueue, { ...removalTerms, ...changed }),
  };
}
