import { day, type Instant, type Interval, minute } from '@agentcal/shared/kernel/time';
import type { Claim } from '@agentcal/shared/scheduling/model';

/**
 * How claims and busy time are packed. Time is cut into spans of 28 days, counted from 1970; inside a
 * span, times are minutes from its beginning (with decimals where somebody needs seconds). Everything is
 * sorted, so that the same claims always pack to the same text.
 */
export const spanMs = 28 * day;

/** By event type: six numbers a claim, see `claimFields`. A claim is in every span that it meets, buffers included. */
export type PackedClaims = Readonly<Record<string, readonly number[]>>;

/** By source: start and length of each busy time, cut to the span. */
export type PackedBusy = Readonly<Record<string, readonly number[]>>;

/** start, length, buffer before, buffer after, expiry (minutes since 1970; `never` without one), seats taken (or `noSeats`). */
export const claimFields = 6;
export const never = 0;
export const noSeats = -1;

/** What of a claim is packed. Times are ms. */
export interface PackableClaim extends Interval {
  readonly eventTypeId: string;
  readonly bufferBeforeMs: number;
  readonly bufferAfterMs: number;
  readonly expiresAt: Instant | null;
  readonly seatsTaken: number | null;
}

export const spanOf = (at: Instant): number => Math.floor(at / spanMs);

/** The spans that an interval meets. */
export function spansOf({ start, end }: Interval): number[] {
  const first = spanOf(start);
  return Array.from({ length: Math.max(spanOf(end - 1) - first, 0) + 1 }, (_, index) => first + index);
}

/** A claim with its buffers. */
export function blocked({ start, end, bufferBeforeMs, bufferAfterMs }: PackableClaim): Interval {
  return { start: start - bufferBeforeMs, end: end + bufferAfterMs };
}

export function withClaim(packed: PackedClaims, span: number, claim: PackableClaim): PackedClaims {
  const entry = packClaim(claim, span);
  const known = packed[claim.eventTypeId];
  if (!known) return sortedByName({ ...packed, [claim.eventTypeId]: entry });
  // It may be long: copied whole, and not number by number as a spread would.
  return { ...packed, [claim.eventTypeId]: known.toSpliced(placeOf(known, entry), 0, ...entry) };
}

/** Without one claim that is packed like this one. */
export function withoutClaim(packed: PackedClaims, span: number, claim: PackableClaim): PackedClaims {
  const entry = packClaim(claim, span);
  const { [claim.eventTypeId]: known = [], ...others } = packed;
  const at = placeOf(known, entry);
  if (compare(known, at, entry) !== 0) return packed;
  if (known.length === claimFields) return others;
  return { ...packed, [claim.eventTypeId]: known.toSpliced(at, claimFields) };
}

/** What a source says about a window replaces what it said before. */
export function withBusy(
  packed: PackedBusy,
  span: number,
  source: string,
  window: Interval,
  busy: readonly Interval[],
): PackedBusy {
  const from = span * spanMs;
  const said = { start: Math.max(window.start, from), end: Math.min(window.end, from + spanMs) };
  const { [source]: known = [], ...others } = packed;
  const before = unpackIntervals(known, span);
  const after = [
    ...cut(before, { start: from, end: said.start }),
    ...cut(busy, said),
    ...cut(before, { start: said.end, end: from + spanMs }),
  ];
  const left = merged(after).flatMap(({ start, end }) => [(start - from) / minute, (end - start) / minute]);
  return left.length === 0 ? others : sortedByName({ ...others, [source]: left });
}

/** Busy time of every source in a span. */
export function unpackBusy(packed: PackedBusy, span: number): Interval[] {
  return Object.values(packed).flatMap((intervals) => unpackIntervals(intervals, span));
}

/**
 * Claims of a span, in the scheduling engine's words. One that reaches in from the span before is left out,
 * unless `withEarlier`: who reads several spans takes those from the first of them only.
 */
export function unpackClaims(packed: PackedClaims, span: number, withEarlier: boolean): Claim[] {
  const from = span * spanMs;
  const claims: Claim[] = [];
  for (const eventTypeId in packed) {
    const numbers = packed[eventTypeId]!;
    for (let at = 0; at < numbers.length; at += claimFields) {
      const start = numbers[at]!;
      const before = numbers[at + 2]!;
      if (start < before && !withEarlier) continue;
      const expiry = numbers[at + 4]!;
      const seats = numbers[at + 5]!;
      claims.push({
        // Claims are anonymous here: nobody who lists slots has to tell them apart.
        id: `${span}:${claims.length}`,
        eventTypeId,
        start: from + Math.round(start * minute),
        end: from + Math.round((start + numbers[at + 1]!) * minute),
        bufferBeforeMs: Math.round(before * minute),
        bufferAfterMs: Math.round(numbers[at + 3]! * minute),
        ...(expiry !== never && { expiresAt: Math.round(expiry * minute) }),
        ...(seats !== noSeats && { seatsTaken: seats }),
      });
    }
  }
  return claims;
}

function unpackIntervals(packed: readonly number[], span: number): Interval[] {
  const from = span * spanMs;
  const intervals: Interval[] = [];
  for (let at = 0; at < packed.length; at += 2) {
    const start = from + Math.round(packed[at]! * minute);
    intervals.push({ start, end: start + Math.round(packed[at + 1]! * minute) });
  }
  return intervals;
}

function packClaim(claim: PackableClaim, span: number): number[] {
  const from = span * spanMs;
  return [
    (claim.start - from) / minute,
    (claim.end - claim.start) / minute,
    claim.bufferBeforeMs / minute,
    claim.bufferAfterMs / minute,
    claim.expiresAt === null ? never : claim.expiresAt / minute,
    claim.seatsTaken ?? noSeats,
  ];
}

/** Index of the first entry that is not before this one. */
function placeOf(packed: readonly number[], entry: readonly number[]): number {
  let low = 0;
  let high = packed.length / claimFields;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(packed, middle * claimFields, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low * claimFields;
}

function compare(packed: readonly number[], at: number, entry: readonly number[]): number {
  for (let field = 0; field < claimFields; field++) {
    const difference = (packed[at + field] ?? Number.POSITIVE_INFINITY) - entry[field]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function cut(intervals: readonly Interval[], { start, end }: Interval): Interval[] {
  return intervals.flatMap((interval) => {
    const part = { start: Math.max(interval.start, start), end: Math.min(interval.end, end) };
    return part.start < part.end ? [part] : [];
  });
}

/** Sorted intervals with those that touch joined. */
function merged(intervals: readonly Interval[]): Interval[] {
  const result: { start: Instant; end: Instant }[] = [];
  for (const { start, end } of intervals) {
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** Names in a fixed order, whatever order they came in. */
function sortedByName<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
