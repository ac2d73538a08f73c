/** Milliseconds since 1970-01-01T00:00Z: the only form in which instants are computed with. */
export type Instant = number;

/** Half-open: `start` is inside, `end` is not. An interval whose end is not after its start is empty. */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Tells the present. Handed in wherever it is needed, so that tests and the simulation own time. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

/** ISO 8601 UTC, without milliseconds where there are none: `2026-11-24T14:00:00Z`. */
export function toIso(instant: Instant): string {
  const iso = new Date(instant).toISOString();
  return iso.endsWith('.000Z') ? `${iso.slice(0, -5)}Z` : iso;
}
