import { setTimeout } from 'node:timers/promises';
import { StoreUnavailable } from '@agentcal/shared/event-store/port';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';

/** How long the executor tries before it says that it cannot. */
export interface Patience {
  /** Tries of one append that other writers keep overtaking. */
  readonly contentionTries: number;
  /** Tries of one read or append that the store does not answer. */
  readonly outageTries: number;
  /** From the call to the start of its last try, waiting for its turn included. */
  readonly deadlineMs: number;
}

export const defaultPatience: Patience = { contentionTries: 20, outageTries: 6, deadlineMs: 10_000 };

/** Time and chance, handed in so that tests and the simulation own them. */
export interface Timing {
  readonly sleep: (ms: number) => Promise<unknown>;
  /** At least 0, below 1. */
  readonly random: () => number;
}

export const realTiming: Timing = { sleep: (ms) => setTimeout(ms), random: Math.random };

/** Waits before try number `tried`: longer each time, and never at the same moment as everyone else. */
export function pause({ sleep, random }: Timing, tried: number, firstMs: number, longestMs: number): Promise<unknown> {
  return sleep(Math.ceil(random() * Math.min(longestMs, firstMs * 2 ** tried)));
}

/** What one call may still spend. */
export interface Budget {
  readonly patience: Patience;
  readonly timing: Timing;
  readonly isOver: () => boolean;
}

export function budgetFrom(patience: Patience, timing: Timing, now: () => Instant): Budget {
  const end = now() + patience.deadlineMs;
  return { patience, timing, isOver: () => now() > end };
}

/** Tries again while the store does not answer. What is tried must be safe to repeat after an unknown outcome. */
export async function throughOutages<T>({ patience, timing, isOver }: Budget, task: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      if (tried >= patience.outageTries || isOver())
        throw new Refusal('unavailable', undefined, { retryAfterSeconds: 2 });
    }
    await pause(timing, tried, 50, 1_000);
  }
}
