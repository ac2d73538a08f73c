import { createHash } from 'node:crypto';
import type { JobQueue, NewJob, QueueTerms } from '../../jobs/port.ts';
import type { Delivery, DeliveryKey } from './ledger/port.ts';

export const webhookQueue = 'webhooks';
export const removalQueue = 'webhook-removals';

export interface WebhookQueues {
  /**
   * In lines per endpoint and subject: while an earlier event about a booking waits for its next attempt, later ones about
   * it wait behind it, and other bookings go on.
   */
  readonly deliveries: JobQueue<DeliveryJob>;
  /** Endpoints that the sender is to forget. */
  readonly removals: JobQueue<RemovalJob>;
}

/** As it is stored. */
export interface DeliveryJob {
  readonly webhook_id: string;
  readonly event_id: string;
}

export interface RemovalJob {
  readonly webhook_id: string;
}

/** With these waits the last attempt is made after about a day. */
export const deliveryTerms: QueueTerms = {
  isInLines: true,
  concurrency: 8,
  lookEverySeconds: 2,
  retryLimit: 16,
  firstRetrySeconds: 5,
  longestRetrySeconds: 4 * 3600,
  // An attempt ends by itself well before.
  cutOffSeconds: 30,
};
export const removalTerms: QueueTerms = { ...deliveryTerms, isInLines: false, concurrency: 1 };

export function deliveryJob(delivery: Delivery): NewJob<DeliveryJob> {
  const { webhookId, eventId, subject } = delivery;
  const data = { webhook_id: webhookId, event_id: eventId };
  return { id: jobIdOf(delivery), line: `${webhookId} ${subject}`, data };
}

export function removalJob(webhookId: string): NewJob<RemovalJob> {
  const hex = createHash('sha256').update(`removal\n${webhookId}`).digest('hex');
  return { id: uuid(hex), data: { webhook_id: webhookId } };
}

/** Jobs of one transaction are taken in the order of their ids: so an id begins with the position of its event. */
function jobIdOf({ webhookId, eventId, position }: DeliveryKey & Pick<Delivery, 'position'>): string {
  const place = position.toString(16).padStart(12, '0').slice(-12);
  return uuid(place + createHash('sha256').update(`${webhookId}\n${eventId}`).digest('hex'));
}

/** Of version 8. */
function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}
