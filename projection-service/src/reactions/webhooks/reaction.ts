import { calendarEvents } from '@agentcal/command-service/calendar/events';
import { organizationEvents } from '@agentcal/command-service/organization/events';
import { type Kysely, sql } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import {
  type AnyTransaction,
  type ConsumedEvent,
  type ConsumedOf,
  defineReaction,
  type Reaction,
} from '../../engine/consumer.ts';
import { publicEventsProjection } from '../../read-models/public-events/projection.ts';
import type { ReadModel } from '../../tables.ts';
import { type Delivery, enqueueDeliveries, enqueueRemovals } from './queue.ts';
import type { WebhookTables } from './table.ts';

type Db = Kysely<WebhookTables & { 'read.public_events': ReadModel['public_events'] }>;

/**
 * Decides which endpoint is told of which event, in the order of the log: an endpoint hears what happened after it
 * was registered and before it was removed. The sending is a job (delivery.ts).
 */
export function webhooksReaction(boss: PgBoss): Reaction {
  return defineReaction({
    name: 'webhooks',
    version: 1,
    definitions: [...organizationEvents, ...calendarEvents],
    after: [publicEventsProjection],
    events: {
      'organization.webhook-registered.v1': 'wanted',
      'organization.webhook-removed.v1': 'wanted',
      'organization.registered.v1': 'ignored',
      'organization.secret-key-issued.v1': 'ignored',
      'organization.secret-key-revoked.v1': 'ignored',
      'organization.publishable-key-issued.v1': 'ignored',
      'organization.publishable-key-revoked.v1': 'ignored',
      'organization.origins-allowed.v1': 'ignored',
      'organization.plan-changed.v1': 'ignored',
      'calendar.booking-created.v1': 'wanted',
      'calendar.booking-requested.v1': 'wanted',
      'calendar.booking-confirmed.v1': 'wanted',
      'calendar.booking-declined.v1': 'wanted',
      'calendar.booking-rescheduled.v1': 'wanted',
      'calendar.booking-cancelled.v1': 'wanted',
      'calendar.booking-completed.v1': 'wanted',
      'calendar.booking-no-show.v1': 'wanted',
      'calendar.attendee-joined.v1': 'wanted',
      'calendar.attendee-left.v1': 'wanted',
      'calendar.booking-linked.v1': 'ignored',
      'calendar.opened.v1': 'ignored',
      'calendar.slot-held.v1': 'ignored',
      'calendar.hold-released.v1': 'ignored',
      'calendar.part-claimed.v1': 'ignored',
      'calendar.part-released.v1': 'ignored',
      'calendar.external-busy-mirrored.v1': 'ignored',
    },
    reset: async (trx) => {
      await sql`delete from webhooks.endpoints`.execute(trx);
    },
    apply: async (trx, { events, quiet }) => {
      await keepEndpoints(trx, events);
      if (quiet) return;
      await deliver(boss, trx, events);
      await enqueueRemovals(boss, removedIn(events), fromKysely(trx as never));
    },
  });
}

type Event = ConsumedOf<readonly [...typeof organizationEvents, ...typeof calendarEvents]>;

/** Endpoints keep the span of positions in which they were registered, so a batch needs no order among them. */
async function keepEndpoints(trx: AnyTransaction, events: readonly Event[]): Promise<void> {
  const db = trx as unknown as Db;
  for (const event of events) {
    if (event.type === 'organization.webhook-registered.v1') {
      const { webhook_id, organization_id, livemode, url, events: wanted } = event.data;
      const endpoint = {
        webhook_id,
        organization_id,
        livemode,
        url,
        events: [...wanted],
        registered_position: `${event.position}`,
      };
      await db
        .insertInto('webhooks.endpoints')
        .values(endpoint)
        .onConflict((row) => row.column('webhook_id').doNothing())
        .execute();
    }
    if (event.type === 'organization.webhook-removed.v1') {
      const removed = { removed_position: `${event.position}` };
      await db.updateTable('webhooks.endpoints').set(removed).where('webhook_id', '=', event.data.webhook_id).execute();
    }
  }
}

function removedIn(events: readonly Event[]): string[] {
  return events.flatMap(({ type, data }) => (type === 'organization.webhook-removed.v1' ? [data.webhook_id] : []));
}

async function deliver(boss: PgBoss, trx: AnyTransaction, events: readonly ConsumedEvent[]): Promise<void> {
  const db = trx as unknown as Db;
  const ids = events.map(({ id }) => id);
  const due = await db
    .selectFrom('read.public_events as e')
    .innerJoin('webhooks.endpoints as w', (join) =>
      join.onRef('w.organization_id', '=', 'e.organization_id').onRef('w.livemode', '=', 'e.livemode'),
    )
    .where('e.event_id', '=', sql<string>`any(${ids})`)
    .whereRef('w.registered_position', '<', 'e.told_position')
    .where(({ or, eb }) =>
      or([eb('w.removed_position', 'is', null), eb('w.removed_position', '>', eb.ref('e.told_position'))]),
    )
    .where(sql<boolean>`e.type = any(w.events)`)
    .select(['w.webhook_id', 'e.event_id', 'e.type as event_type', 'e.subject', 'e.told_position as position'])
    .execute();
  if (due.length === 0) return;
  const inserted = await db
    .insertInto('webhooks.deliveries')
    .values(due.map((row) => ({ ...row, status: 'pending' as const, finished_at: null })))
    .onConflict((row) => row.columns(['webhook_id', 'event_id']).doNothing())
    .returning(['webhook_id', 'event_id', 'subject', 'position'])
    .execute();
  const deliveries = inserted.map(
    (row): Delivery => ({
      webhookId: row.webhook_id,
      eventId: row.event_id,
      subject: row.subject,
      position: BigInt(row.position),
    }),
  );
  await enqueueDeliveries(boss, deliveries, fromKysely(trx as never));
}
