import type { Instant } from '@agentcal/shared/kernel/time';
import type { AnyTransaction } from '../engine/consumer.ts';

/**
 * Work that a reaction asks for in its own transaction, and that is done after it, at least once: whoever took a job
 * and failed, or has not come back in time, is followed by another one. Adapters pass `contract.ts`.
 */
export interface JobQueue<T extends object> {
  /** A job is there with the transaction, or not at all. One whose id is known is not added again, also where it is done. */
  add(trx: AnyTransaction, jobs: readonly NewJob<T>[]): Promise<void>;
  /** Hands over what is due from here on, several at once. A job whose work throws comes again, later each time. */
  work(work: (data: T) => Promise<void>): Promise<void>;
}

export interface NewJob<T extends object> {
  /** A UUID. */
  readonly id: string;
  /** At once by default. */
  readonly dueAt?: Instant;
  readonly data: T;
}

export interface QueueTerms {
  /** At once, in one process. */
  readonly concurrency: number;
  /** How soon a job that comes again is found, once it is due. New ones are found at once. */
  readonly lookEverySeconds: number;
  /** After the first one. */
  readonly retryLimit: number;
  readonly firstRetrySeconds: number;
  /** Each wait is about twice as long as the one before, and no longer than this. */
  readonly longestRetrySeconds: number;
  /** Whoever has not come back by then was cut off. */
  readonly cutOffSeconds: number;
}
