import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Vault } from '@agentcal/shared/vault/port';
import type { Kysely } from 'kysely';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { ReadModel } from '../../tables.ts';
import { envelopeOf } from './envelope.ts';
import {
  createWebhookQueues,
  type DeliveryJob,
  type RemovalJob,
  removalQueue,
  retryLimit,
  webhookQueue,
} from './queue.ts';
import type { Attempt, Sender } from './sender.ts';
import { createWebhookTables, type WebhookTables } from './table.ts';

export interface DeliveryDeps {
  readonly db: Kysely<WebhookTables & { 'read.public_events': ReadModel['public_events'] }>;
  readonly boss: PgBoss;
  readonly vault: Vault;
  readonly sender: Sender;
  readonly links: Pick<BookingLinks, 'addTo'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly firstRetrySeconds?: number;
}

const concurrentDeliveries = 8;
/** New jobs are notified; those that are tried again are found by polling. */
const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 } as const;

/** Takes deliveries from the queue and makes an attempt at each; one that fails is tried again later. */
export async function startDeliveries(deps: DeliveryDeps): Promise<void> {
  await deps.db.transaction().execute(createWebhookTables);
  await createWebhookQueues(deps.boss, deps.firstRetrySeconds);
  const deliveries = {
    ...polling,
    includeMetadata: true,
    batchSize: 1,
    localConcurrency: concurrentDeliveries,
  } as const;
  await deps.boss.work<DeliveryJob, void, typeof deliveries>(webhookQueue, deliveries, async ([job]) => {
    if (job) await deliver(deps, job);
  });
  await deps.boss.work<RemovalJob>(removalQueue, polling, async ([job]) => {
    if (job) await deps.sender.forget(job.data.webhook_id);
  });
}

/** @throws where it has to be tried again. */
async function deliver(deps: DeliveryDeps, job: JobWithMetadata<DeliveryJob>): Promise<void> {
  const { webhook_id, event_id } = job.data;
  const due = await deps.db
    .selectFrom('webhooks.endpoints as w')
    .innerJoin('read.public_events as e', 'e.organization_id', 'w.organization_id')
    .selectAll('e')
    .select(['w.url', 'w.removed_position'])
    .where('w.webhook_id', '=', webhook_id)
    .where('e.event_id', '=', event_id)
    .executeTakeFirst();
  // The event is missing only while its table is being rebuilt.
  if (!due) throw new Error('the event is not there yet');
  if (due.removed_position !== null) {
    await finish(deps, job.data, 'dropped');
    // An earlier run of this job may have come after the removal's, and ended before it could look again.
    return deps.sender.forget(webhook_id);
  }
  const secret = await deps.vault.getSecret(`webhook:${webhook_id}`);
  const { url, removed_position: _, ...event } = due;
  const attempt: Attempt =
    secret === undefined
      ? { delivered: false, statusCode: null, detail: 'the signing secret is gone', durationMs: 0 }
      : await deps.sender.send({ webhookId: webhook_id, url, event: envelopeOf(event, deps.links), secret });
  if (await wasRemoved(deps, webhook_id)) await deps.sender.forget(webhook_id);
  const last = job.retryCount >= retryLimit;
  await record(deps, job, attempt, last);
  deps.log.info(
    {
      webhook: webhook_id,
      event: event_id,
      attempt: job.retryCount + 1,
      delivered: attempt.delivered,
      status: attempt.statusCode,
      ms: attempt.durationMs,
    },
    'webhook attempted',
  );
  if (!attempt.delivered && !last) throw new Error(`attempt ${job.retryCount + 1} failed`);
}

/** After the last attempt the delivery has failed and its job is done: later events about the booking go on. */
async function record(
  deps: DeliveryDeps,
  job: JobWithMetadata<DeliveryJob>,
  attempt: Attempt,
  last: boolean,
): Promise<void> {
  const now = new Date(deps.clock.now());
  await deps.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('webhooks.attempts')
      .values({
        ...job.data,
        attempt: job.retryCount + 1,
        attempted_at: now,
        delivered: attempt.delivered,
        status_code: attempt.statusCode,
        detail: attempt.detail,
        duration_ms: attempt.durationMs,
      })
      .execute();
    await trx
      .updateTable('webhooks.deliveries')
      .set({
        attempts: job.retryCount + 1,
        ...(attempt.delivered || last ? { status: attempt.delivered ? 'delivered' : 'failed', finished_at: now } : {}),
      })
      .where('webhook_id', '=', job.data.webhook_id)
      .where('event_id', '=', job.data.event_id)
      .execute();
  });
}

/** While an attempt is made its endpoint may be removed, and the sender would know it again after forgetting it. */
async function wasRemoved({ db }: DeliveryDeps, webhookId: string): Promise<boolean> {
  const endpoint = await db
    .selectFrom('webhooks.endpoints')
    .select('removed_position')
    .where('webhook_id', '=', webhookId)
    .executeTakeFirst();
  return endpoint?.removed_position != null;
}

async function finish(deps: DeliveryDeps, { webhook_id, event_id }: DeliveryJob, status: 'dropped'): Promise<void> {
  await deps.db
    .updateTable('webhooks.deliveries')
    .set({ status, finished_at: new Date(deps.clock.now()) })
    .where('webhook_id', '=', webhook_id)
    .where('event_id', '=', event_id)
    .execute();
}
