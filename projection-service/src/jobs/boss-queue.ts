import { fromKysely, type JobInsert, type PgBoss, type Queue } from 'pg-boss';
import { heartbeatSeconds } from './boss.ts';
import type { JobQueue, QueueTerms } from './port.ts';

const day = 86_400;

type RetryTerms = Pick<QueueTerms, 'retryLimit' | 'firstRetrySeconds' | 'longestRetrySeconds' | 'cutOffSeconds'>;

/** A job that is done is known for a day, and one that nobody took for two weeks, unless said otherwise. */
export async function makeBossQueue(
  boss: PgBoss,
  name: string,
  terms: RetryTerms,
  more: Pick<Queue, 'deleteAfterSeconds' | 'retentionSeconds' | 'deadLetter' | 'notify'> = {},
): Promise<void> {
  const options = {
    retryLimit: terms.retryLimit,
    retryDelay: terms.firstRetrySeconds,
    retryBackoff: true,
    retryDelayMax: terms.longestRetrySeconds,
    expireInSeconds: terms.cutOffSeconds,
    heartbeatSeconds,
    retentionSeconds: 14 * day,
    deleteAfterSeconds: day,
    notify: true,
    ...more,
  };
  await boss.createQueue(name, options);
  // One that is there is left as it was made, which may be long ago.
  await boss.updateQueue(name, options);
}

/** A queue of pg-boss that hands over one job at a time. */
export async function openBossQueue<T extends object>(
  boss: PgBoss,
  name: string,
  { concurrency, lookEverySeconds, ...terms }: QueueTerms,
): Promise<JobQueue<T>> {
  await makeBossQueue(boss, name, terms);
  return {
    add: addToBoss(boss, name),
    work: async (work) => {
      const taking = {
        pollingIntervalSeconds: lookEverySeconds,
        notifyPollingIntervalSeconds: lookEverySeconds,
        batchSize: 1,
        localConcurrency: concurrency,
      } as const;
      await boss.work<T, void, typeof taking>(name, taking, async ([job]) => {
        if (job) await work(job.data);
      });
    },
  };
}

/** How jobs are added to a queue that is there, whoever works on it. */
export function addToBoss<T extends object>(boss: PgBoss, name: string): JobQueue<T>['add'] {
  return async (trx, jobs) => {
    if (jobs.length === 0) return;
    const rows = jobs.map(
      ({ id, dueAt, data }): JobInsert<T> => ({
        id,
        data,
        ...(dueAt !== undefined && { startAfter: new Date(dueAt) }),
      }),
    );
    await boss.insert(name, rows, { db: fromKysely(trx as never) });
  };
}
