/** Chance from a seed: the same seed draws the same, so what a test chose can be chosen again. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, below `end`. */
  below(end: number): number;
  pick<T>(items: readonly T[]): T;
  /** Another source, which draws its own and takes nothing from this one later. */
  fork(): Random;
}

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return { next, below, pick: (items) => items[below(items.length)]!, fork: () => randomFrom(below(2 ** 32)) };
}

/** From `AGENTCAL_SEED`, or a new one. */
export function seedOfThisRun(): number {
  const given = process.env.AGENTCAL_SEED;
  return given ? Number(given) : Math.floor(Math.random() * 2 ** 32);
}
