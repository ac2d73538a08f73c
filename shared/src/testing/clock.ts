import type { Clock, Instant } from '../kernel/time.ts';

export interface FakeClock extends Clock {
  advance(durationMs: number): void;
  set(instant: Instant): void;
}

/** A clock that stands still until it is told otherwise. */
export function fakeClock(start: Instant | string): FakeClock {
  let now = typeof start === 'string' ? Date.parse(start) : start;
  return {
    now: () => now,
    advance: (durationMs) => {
      now += durationMs;
    },
    set: (instant) => {
      now = instant;
    },
  };
}
