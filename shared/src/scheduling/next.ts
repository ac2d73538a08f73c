import { day, type Instant } from '../kernel/time.ts';
import type { TeamQuery } from './assignment.ts';
import type { SlotQuery } from './model.ts';
import { findSlots, type Range } from './slots.ts';
import { findTeamSlots } from './team.ts';

/** Anything that lists starts: one host, a team, or a caller's own filter around them. */
export type ListStarts = (range: Range) => readonly Instant[];

export function listOf(query: SlotQuery | TeamQuery): ListStarts {
  if ('hosts' in query) return (range) => findTeamSlots({ ...query, ...range }).starts;
  return (range) => findSlots({ ...query, ...range }).starts;
}

const stepMs = 14 * day;
/** No answer looks further than a year. */
export const horizonMs = 366 * day;

/** The next `count` starts from an instant on. Looks a fortnight at a time, since the answer is mostly near. */
export function nextSlots(
  list: ListStarts,
  from: Instant,
  count: number,
  until: Instant = from + horizonMs,
): Instant[] {
  const found: Instant[] = [];
  for (let at = from; at < until && found.length < count; at += stepMs) {
    found.push(...list({ from: at, to: Math.min(at + stepMs, until), limit: count - found.length }));
  }
  return found;
}

/** The last `count` starts before an instant, ascending, none before `since`. */
export function previousSlots(list: ListStarts, before: Instant, count: number, since: Instant): Instant[] {
  let found: Instant[] = [];
  const first = Math.max(since, before - horizonMs);
  for (let to = before; to > first && found.length < count; to -= stepMs) {
    found = [...list({ from: Math.max(first, to - stepMs), to }), ...found].slice(-count);
  }
  return found;
}

/** The `count` starts nearest to `[from, to)` and outside of it, ascending: what to offer where there is nothing in it. */
export function nearestSlots(
  list: ListStarts,
  { from, to, now }: { from: Instant; to: Instant; now: Instant },
  count = 3,
): Instant[] {
  const after = nextSlots(list, Math.max(to, now), count);
  const before = previousSlots(list, from, count, now);
  const distance = (start: Instant) => (start < from ? from - start : start - to);
  const nearest = [...before, ...after].sort((a, b) => distance(a) - distance(b) || a - b).slice(0, count);
  return nearest.sort((a, b) => a - b);
}
