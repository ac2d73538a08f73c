import { type Instant, minute } from '@agentcal/shared/kernel/time';
import type { Claim } from '@agentcal/shared/scheduling/model';

/**
 * Time that was taken long ago, packed to what limits count: by event type, pairs of start (minutes since 1970) and
 * length (minutes), in no order. Eight bytes a booking, where its record is about a kilobyte.
 */
export type TakenTime = Readonly<Record<string, Int32Array>>;

/** With more of it, and without what started before `since`. */
export function withTaken(taken: TakenTime, more: readonly Claim[], since: Instant): TakenTime {
  const types = new Set([...Object.keys(taken), ...more.map(({ eventTypeId }) => eventTypeId)]);
  const packed = [...types].map((type) => {
    const before = pairsOf(taken[type] ?? new Int32Array());
    const added = more.filter(({ eventTypeId }) => eventTypeId === type).map(packedPair);
    return [type, Int32Array.from([...before, ...added].filter(([start]) => start * minute >= since).flat())] as const;
  });
  return Object.fromEntries(packed.filter(([, pairs]) => pairs.length > 0));
}

/** What started within `[from, to)`, as claims that are in nobody's way any more and count all the same. */
export function takenWithin(taken: TakenTime, from: Instant, to: Instant): Claim[] {
  return Object.entries(taken).flatMap(([eventTypeId, packed]) =>
    pairsOf(packed)
      .filter(([start]) => start * minute >= from && start * minute < to)
      .map(([at, length]) => {
        const start = at * minute;
        return { id: '', eventTypeId, start, end: start + length * minute, bufferBeforeMs: 0, bufferAfterMs: 0 };
      }),
  );
}

export function countTaken(taken: TakenTime): number {
  return Object.values(taken).reduce((count, pairs) => count + pairs.length / 2, 0);
}

type Pair = readonly [start: number, length: number];

function packedPair({ start, end }: Claim): Pair {
  return [start / minute, (end - start) / minute];
}

function pairsOf(packed: Int32Array): Pair[] {
  return Array.from({ length: packed.length / 2 }, (_, index) => [packed[2 * index]!, packed[2 * index + 1]!] as const);
}
