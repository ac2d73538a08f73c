import { createHash } from 'node:crypto';
import { type JobInsert, type PgBoss, policies } from 'pg-boss';

export const webhookQueue = 'webhooks';
export const removalQueue = 'webhook-removals';

export interface DeliveryJob {
  readonly webhook_id: string;
  readonly event_id: string;
}

/** An endpoint that the sender is to forget. */
export interface RemovalJob {
  readonly webhook_id: string;
}

/** Seconds until the second attempt; each wait after it is about twice as long, four hours at most. */
const defaultFirstRetrySeconds = 5;
const longestRetrySeconds = 4 * 3600;
/** An attempt ends by itself well before. One that does not was cut off with its process, and is made again. */
const cutOffSeconds = 30;
/** With the waits above the last attempt is made after about a day. */
export const retryLimit = 16;

/**
 * The queues of deliveries and removals. Deliveries are strictly first in, first out per endpoint and booking: while
 * an earlier event about a booking waits for its next attempt, later ones about it wait behind it, and other bookings
 * go on.
 */
export async function createWebhookQueues(boss: PgBoss, firstRetrySeconds = defaultFirstRetrySeconds): Promise<void> {
  const options = {
    retryLimit,
    retryDelay: firstRetrySeconds,
    retryBackoff: true,
    retryDelayMax: longestRetrySeconds,
    expireInSeconds: cutOffSeconds,
    retentionSeconds: 14 * 86_400,
    deleteAfterSeconds: 86_400,
    notify: true,
  };
  await boss.createQueue(webhookQueue, { policy: policies.key_strict_fifo, ...options });
  await boss.updateQueue(webhookQueue, options);
  await boss.createQueue(removalQueue, options);
  await boss.updateQueue(removalQueue, options);
}

export interface Delivery {
  readonly webhookId: string;
  readonly eventId: string;
  readonly subject: string;
  readonly position: bigint;
}

type Transacting = NonNullable<NonNullable<Parameters<PgBoss['insert']>[2]>['db']>;

/** Enqueues in the transaction that `db` is of. */
export async function enqueueDeliveries(boss: PgBoss, deliveries: readonly Delivery[], db: Transacting): Promise<void> {
  if (deliveries.length === 0) return;
  await boss.insert(webhookQueue, deliveries.map(jobOf), { db });
}

/** Enqueues in the transaction that `db` is of. */
export async function enqueueRemovals(boss: PgBoss, webhookIds: readonly string[], db: Transacting): Promise<void> {
  if (webhookIds.length === 0) return;
  const jobs = webhookIds.map((webhook_id): JobInsert<RemovalJob> => ({ data: { webhook_id } }));
  await boss.insert(removalQueue, jobs, { db });
}

function jobOf(delivery: Delivery): JobInsert<DeliveryJob> {
  const { webhookId, eventId, subject } = delivery;
  return {
    id: jobIdOf(delivery),
    singletonKey: `${webhookId} ${subject}`,
    data: { webhook_id: webhookId, event_id: eventId },
  };
}

/**
 * Jobs of one transaction were created at the same instant, and are then taken in the order of their ids: so
 * an id begins with the position of its event. A UUID of version 8.
 */
export function jobIdOf({ webhookId, eventId, position }: Delivery): string {
  const place = position.toString(16).padStart(12, '0').slice(-12);
  const rest = createHash('sha256').update(`${webhookId}\n${eventId}`).digest('hex');
  return `${place.slice(0, 8)}-${place.slice(8)}-8${rest.slice(0, 3)}-a${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}
