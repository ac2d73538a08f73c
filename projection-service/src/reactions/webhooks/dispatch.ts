import type { PgBoss } from 'pg-boss';
import type { AnyDb } from '../../engine/consumer.ts';
import { openBossQueue } from '../../jobs/boss-queue.ts';
import type { QueueTerms } from '../../jobs/port.ts';
import type { Ledger } from './ledger/port.ts';
import { openPostgresLedger } from './ledger/postgres.ts';
import { deliveryTerms, removalQueue, removalTerms, type WebhookQueues, webhookQueue } from './queue.ts';

/** What the reaction writes to, and what the sending of webhooks works off. */
export interface Dispatch extends WebhookQueues {
  readonly ledger: Ledger;
}

/** The dispatch in Postgres. */
export async function openDispatch(db: AnyDb, boss: PgBoss, changed: Partial<QueueTerms> = {}): Promise<Dispatch> {
  return {
    ledger: await openPostgresLedger(db),
    deliveries: await openBossQueue(boss, webhookQueue, { ...deliveryTerms, ...changed }),
    removals: await openBossQueue(boss, removalQueue, { ...removalTerms, ...changed }),
  };
}
