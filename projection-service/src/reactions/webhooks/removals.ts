import { createHash } from 'node:crypto';
import type { NewJob, QueueTerms } from '../../jobs/port.ts';

export const removalQueue = 'webhook-removals';

/** As it is stored. */
export interface RemovalJob {
  readonly webhook_id: string;
}

/** With these waits the last attempt is made after about a day. */
export const removalTerms: QueueTerms = {
  concurrency: 1,
  lookEverySeconds: 2,
  retryLimit: 16,
  firstRetrySeconds: 5,
  longestRetrySeconds: 4 * 3600,
  // Asking the sender ends by itself well before.
  cutOffSeconds: 30,
};

export function removalJob(webhookId: string): NewJob<RemovalJob> {
  const hex = createHash('sha256').update(`removal\n${webhookId}`).digest('hex');
  // A UUID of version 8.
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
  return { id, data: { webhook_id: webhookId } };
}
