import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '@agentcal/shared/event-store/port';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, second } from '@agentcal/shared/kernel/time';

/** How long the executor tries before it says that it cannot. */
export interface Patience {
  /** Tries of one append that other writers keep overtaking. */
  readonly contentionTries: number;
  /** Tries of one read or append that the store does not answer. */
  readonly outageTries: number;
  /** From the call to the start of its last try, waiting for its turn included. No try is waited for much longer. */
  readonly deadlineMs: number;
}

export const defaultPatience: Patience = { contentionTries: 20, outageTries: 6, deadlineMs: 10_000 };

/** Time and chance, handed in so that tests and the simulation own them. */
export interface Timing {
  readonly sleep: (ms: number) => Promise<unknown>;
  /** At least 0, below 1. */
  readonly random: () => number;
  /** Calls back after a time unless it is told not to. Without it, what never answers is waited for. */
  readonly alarm?: (ms: number, ring: () => void) => () => void;
}

export const realTiming: Timing = {
  sleep: (ms) => sleep(ms),
  random: Math.random,
  alarm: (ms, ring) => {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits before try number `tried`: longer each time, and never at the same moment as everyone else. */
export function pause({ sleep, random }: Timing, tried: number, firstMs: number, longestMs: number): Promise<unknown> {
  return sleep(Math.ceil(random() * Math.min(longestMs, firstMs * 2 ** tried)));
}

/** What one call may still spend. */
export interface Budget {
  readonly patience: Patience;
  readonly timing: Timing;
  readonly isOver: () => boolean;
  readonly leftMs: () => number;
}

export function budgetFrom(patience: Patience, timing: Timing, now: () => Instant): Budget {
  const end = now() + patience.deadlineMs;
  return { patience, timing, isOver: () => now() > end, leftMs: () => end - now() };
}

/** The store has said nothing at all. What it was asked may still happen. */
export class Unanswered extends StoreUnavailable {}

/** What a task comes to, if it comes to anything within that time. @throws {Unanswered} */
export async function within<T>({ alarm }: Timing, ms: number, task: Promise<T>): Promise<T> {
  if (!alarm) return task;
  const silence = Promise.withResolvers<never>();
  const cancel = alarm(ms, () => silence.reject(new Unanswered(`no answer in ${ms} ms`)));
  return Promise.race([task, silence.promise]).finally(cancel);
}

/** However late it is begun, a try gets so much time. */
const shortestTryMs = second;

/**
 * Tries again while the store does not answer, and gives up what hangs when the time is over. What is tried must be
 * safe to repeat after an unknown outcome.
 */
export async function throughOutages<T>(budget: Budget, task: () => Promise<T>): Promise<T> {
  const { patience, timing, isOver, leftMs } = budget;
  for (let tried = 1; ; tried += 1) {
    try {
      return await within(timing, Math.max(shortestTryMs, leftMs()), task());
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      if (tried >= patience.outageTries || error instanceof Unanswered || isOver())
        throw new Refusal('unavailable', undefined, { retryAfterSeconds: 2 });
    }
    await pause(timing, tried, 50, 1_000);
  }
}
