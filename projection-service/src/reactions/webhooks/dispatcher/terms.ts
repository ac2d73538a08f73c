import type { Timing } from '@agentcal/shared/kernel/timing';

/** How patient the dispatch is, and with how many at once. */
export interface DispatchTerms {
  /** Endpoints that one process sends to at once. */
  readonly turns: number;
  /** Endpoints beside them whose last attempt failed: however many there are, they take no place from the others. */
  readonly failingTurns: number;
  /** Attempts at once at one endpoint. */
  readonly atOnce: number;
  /** Deliveries, after which other endpoints come first. */
  readonly perTurn: number;
  /** A process that was cut off has let go after so long. */
  readonly holdSeconds: number;
  /** How soon what has become due is found. What is new is found at once. */
  readonly lookEverySeconds: number;
  /** After the first attempt at one delivery. */
  readonly retryLimit: number;
  readonly retry: Waits;
  /** After so many failures in a row an endpoint rests, and then is tried with one delivery. */
  readonly restsAfterFailures: number;
  readonly rest: Waits;
  /** Where an endpoint has taken nothing for so long, what has waited for so long is given up. */
  readonly giveUpAfterSeconds: number;
}

/** Each wait is about twice as long as the one before, and no longer than the longest. */
interface Waits {
  readonly firstSeconds: number;
  readonly longestSeconds: number;
}

/** Queries tell by it whether an endpoint rests. */
export const restsAfterFailures = 5;

export const dispatchTerms: DispatchTerms = {
  turns: 128,
  failingTurns: 32,
  atOnce: 4,
  perTurn: 32,
  holdSeconds: 15,
  lookEverySeconds: 2,
  // With these waits the last attempt is made after about a day.
  retryLimit: 16,
  retry: { firstSeconds: 5, longestSeconds: 4 * 3600 },
  restsAfterFailures,
  rest: { firstSeconds: 5, longestSeconds: 15 * 60 },
  giveUpAfterSeconds: 24 * 3600,
};

/** The wait after the nth time, from 1. A little by chance, so that not all come back at once. */
export function waitSeconds({ firstSeconds, longestSeconds }: Waits, nth: number, { random }: Timing): number {
  return Math.min(firstSeconds * 2 ** (nth - 1), longestSeconds) * (0.9 + 0.2 * random());
}
