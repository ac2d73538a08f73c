import { type Kysely, sql } from 'kysely';
import type { AnyDb, AnyTransaction } from '../../../engine/consumer.ts';
import type { ReadModel } from '../../../tables.ts';
import { createWebhookTables, type WebhookTables } from '../table.ts';
import type { Ledger, LedgerEntries } from './port.ts';
import { inSeconds, turnsIn } from './postgres-turns.ts';

type Tables = WebhookTables & { 'read.public_events': ReadModel['public_events'] };

/** The ledger in schema `webhooks`, which it makes where it is not there. */
export async function openPostgresLedger(anyDb: AnyDb): Promise<Ledger> {
  await anyDb.transaction().execute(createWebhookTables);
  const db = anyDb as Kysely<Tables>;
  return {
    within: (trx: AnyTransaction) => entriesIn(trx as unknown as Kysely<Tables>),
    ...turnsIn(db as unknown as Kysely<WebhookTables>),
    find: async ({ webhookId, eventId }) => {
      const due = await db
        .selectFrom('webhooks.endpoints as w')
        .innerJoin('read.public_events as e', 'e.organization_id', 'w.organization_id')
        .selectAll('e')
        .select(['w.url', 'w.removed_position'])
        .where('w.webhook_id', '=', webhookId)
        .where('e.event_id', '=', eventId)
        .executeTakeFirst();
      if (!due) return undefined;
      const { url, removed_position, ...event } = due;
      return { url, isRemoved: removed_position !== null, event };
    },
    isRemoved: async (webhookId) => {
      const endpoint = await db
        .selectFrom('webhooks.endpoints')
        .select('removed_position')
        .where('webhook_id', '=', webhookId)
        .executeTakeFirst();
      return endpoint?.removed_position != null;
    },
    record: ({ webhookId, eventId, subject }, { number, at, retrySeconds, ...attempt }) =>
      db.transaction().execute(async (trx) => {
        const row = {
          webhook_id: webhookId,
          event_id: eventId,
          attempt: number,
          attempted_at: at,
          delivered: attempt.delivered,
          status_code: attempt.statusCode,
          detail: attempt.detail,
          duration_ms: attempt.durationMs,
        };
        await trx.insertInto('webhooks.attempts').values(row).execute();
        const isOver = attempt.delivered || retrySeconds === undefined;
        const end = { status: attempt.delivered ? ('delivered' as const) : ('failed' as const), finished_at: at };
        await trx
          .updateTable('webhooks.deliveries')
          .set({ attempts: number, ...(isOver && end) })
          .where('webhook_id', '=', webhookId)
          .where('event_id', '=', eventId)
          .where(({ or, eb }) => or([eb('status', '=', 'pending'), eb.lit(attempt.delivered)]))
          .execute();
        if (isOver) return;
        await trx
          .updateTable('webhooks.deliveries')
          .set({ due_at: inSeconds(retrySeconds) })
          .where('webhook_id', '=', webhookId)
          .where('subject', '=', subject)
          .where('status', '=', 'pending')
          .execute();
      }),
    drop: async (webhookId) => {
      await db
        .updateTable('webhooks.deliveries')
        .set({ status: 'dropped', finished_at: sql`now()` })
        .where('webhook_id', '=', webhookId)
        .where('status', '=', 'pending')
        .execute();
    },
  };
}

function entriesIn(db: Kysely<Tables>): LedgerEntries {
  return {
    register: async ({ webhookId, organizationId, livemode, url, events, registeredAt }) => {
      const endpoint = {
        webhook_id: webhookId,
        organization_id: organizationId,
        livemode,
        url,
        events: [...events],
        registered_position: `${registeredAt}`,
      };
      await db
        .insertInto('webhooks.endpoints')
        .values(endpoint)
        .onConflict((row) => row.column('webhook_id').doNothing())
        .execute();
    },
    remove: async (webhookId, position) => {
      const removed = { removed_position: `${position}` };
      await db.updateTable('webhooks.endpoints').set(removed).where('webhook_id', '=', webhookId).execute();
    },
    forgetEndpoints: async () => {
      await db.deleteFrom('webhooks.endpoints').execute();
    },
    owe: async (eventIds) => {
      const due = await dueFor(db, eventIds);
      if (due.length === 0) return 0;
      const noted = await db
        .insertInto('webhooks.deliveries')
        .values(due.map((row) => ({ ...row, status: 'pending' as const, finished_at: null })))
        .onConflict((row) => row.columns(['webhook_id', 'event_id']).doNothing())
        .executeTakeFirst();
      return Number(noted.numInsertedOrUpdatedRows);
    },
  };
}

/** An endpoint hears what happened after it was registered and before it was removed, and only what it asked for. */
function dueFor(db: Kysely<Tables>, eventIds: readonly string[]) {
  return db
    .selectFrom('read.public_events as e')
    .innerJoin('webhooks.endpoints as w', (join) =>
      join.onRef('w.organization_id', '=', 'e.organization_id').onRef('w.livemode', '=', 'e.livemode'),
    )
    .where('e.event_id', '=', sql<string>`any(${eventIds})`)
    .whereRef('w.registered_position', '<', 'e.told_position')
    .where(({ or, eb }) =>
      or([eb('w.removed_position', 'is', null), eb('w.removed_position', '>', eb.ref('e.told_position'))]),
    )
    .where(sql<boolean>`e.type = any(w.events)`)
    .select(['w.webhook_id', 'e.event_id', 'e.type as event_type', 'e.subject', 'e.told_position as position'])
    .execute();
}
