import { type Clock, type Instant, second } from '@agentcal/shared/kernel/time';
import type { Timing } from '@agentcal/shared/kernel/timing';
import type { MemoryTransaction } from '../engine/storage/memory-transaction.ts';
import type { JobQueue, QueueTerms } from './port.ts';

/** A job as it is kept: also once it is done, so that it is not added again. */
export interface KeptJob<T extends object = object> {
  readonly id: string;
  readonly data: T;
  readonly addedAt: Instant;
  readonly dueAt: Instant;
  /** Attempts that have ended, or were cut off. */
  readonly tried: number;
  /** Somebody has it until then. */
  readonly takenUntil: Instant | undefined;
  /** `failed`: the last attempt was made. */
  readonly end: 'done' | 'failed' | undefined;
}

export interface MemoryQueueDeps {
  /** Where it is kept, in a memory storage. */
  readonly table: string;
  /** One at a time, among all who share the queue. */
  readonly transaction: <R>(work: (rows: MemoryTransaction) => R) => Promise<R>;
  /** One for all who share the queue. */
  readonly clock: Clock;
  readonly timing: Timing;
  /** What is thrown by the queue itself, or by work that is tried again. */
  readonly failed: (error: unknown) => void;
}

/** A queue in a memory storage, for the simulation: it keeps what pg-boss promises, and is as lost as its process. */
export function createMemoryQueue<T extends object>(deps: MemoryQueueDeps, terms: QueueTerms): JobQueue<T> {
  const { table, transaction, clock, timing, failed } = deps;
  const put = (rows: MemoryTransaction, job: KeptJob<T>) => rows.set(table, job.id, job as never);
  let busy = 0;

  /** As pg-boss: whoever comes back ends the attempt that is under way, also where it is another one's. */
  const end = async (id: string, change: (job: KeptJob<T>) => Partial<KeptJob<T>>): Promise<void> => {
    await transaction((rows) => {
      const job = rows.get(table, id) as unknown as KeptJob<T>;
      if (job.takenUntil !== undefined) put(rows, { ...job, takenUntil: undefined, ...change(job) });
    });
  };
  const tryAgain = (job: KeptJob<T>): Partial<KeptJob<T>> => {
    if (job.tried >= terms.retryLimit) return { end: 'failed' };
    const waitSeconds = Math.min(terms.firstRetrySeconds * 2 ** job.tried, terms.longestRetrySeconds);
    return { tried: job.tried + 1, dueAt: clock.now() + waitSeconds * second };
  };
  const take = (rows: MemoryTransaction): KeptJob<T>[] => {
    const now = clock.now();
    const open = keptJobs<T>(rows.all(table)).filter((job) => job.end !== 'done');
    for (const [index, job] of open.entries()) {
      if (job.takenUntil === undefined || job.takenUntil > now) continue;
      open[index] = { ...job, takenUntil: undefined, ...tryAgain(job) };
      put(rows, open[index]);
    }
    const due = open
      .filter((job) => job.end === undefined && job.takenUntil === undefined && job.dueAt <= now)
      .toSorted((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1))
      .slice(0, terms.concurrency - busy);
    for (const job of due) put(rows, { ...job, takenUntil: now + terms.cutOffSeconds * second });
    return due;
  };
  const carryOut = async (work: (data: T) => Promise<void>, { id, data }: KeptJob<T>): Promise<void> => {
    try {
      await work(data);
    } catch (error) {
      failed(error);
      return await end(id, tryAgain);
    }
    await end(id, () => ({ end: 'done' }));
  };

  return {
    add: async (trx, jobs) => {
      const rows = trx as unknown as MemoryTransaction;
      const addedAt = clock.now();
      for (const { id, data, dueAt = addedAt } of jobs) {
        if (rows.get(table, id)) continue;
        put(rows, { id, data, addedAt, dueAt, tried: 0, takenUntil: undefined, end: undefined });
      }
    },
    work: async (work) => {
      const look = async (): Promise<void> => {
        const due = busy < terms.concurrency ? await transaction(take) : [];
        busy += due.length;
        for (const job of due) {
          const isOver = carryOut(work, job).catch(failed);
          isOver.then(() => {
            busy -= 1;
            look().catch(failed);
          });
        }
      };
      const again = (): void => {
        const next = () => void timing.after(terms.lookEverySeconds * second * (0.5 + timing.random()), again);
        look().catch(failed).then(next);
      };
      again();
    },
  };
}

export function keptJobs<T extends object>(rows: readonly unknown[]): KeptJob<T>[] {
  return rows as KeptJob<T>[];
}
