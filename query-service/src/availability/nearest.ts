import type { Instant, Interval } from '@agentcal/shared/kernel/time';
import { horizonMs, type ListStarts, nearestSlots } from '@agentcal/shared/scheduling/next';
import { longestFor } from './host-days.ts';
import { findStarts, type StartsQuery, type UsersAt, usersOf } from './starts.ts';

/** Reads the calendars that were asked about for another range. */
export type ReadMore = (range: Interval) => Promise<StartsQuery>;

/**
 * What is nearest to a range in which there is nothing. A year before and after it is read for one user; for a team as
 * much as may be asked of it at once. What was not read is not offered.
 */
export async function findNearest(
  asked: Interval,
  query: StartsQuery,
  read: ReadMore,
): Promise<{ starts: Instant[]; usersAt: UsersAt }> {
  const known = await readAround(asked, query, read);
  const knownAt = (at: Instant) => known.find(({ range }) => at >= range.start && at < range.end);
  const list: ListStarts = ({ from, to, limit }) => {
    const there = knownAt(from) ?? knownAt(to - 1);
    if (!there) return [];
    const within = { from: Math.max(from, there.range.start), to: Math.min(to, there.range.end) };
    return findStarts(there.query, { ...within, ...(limit !== undefined && { limit }) }).starts;
  };
  const starts = nearestSlots(list, { from: asked.start, to: asked.end, now: query.now });
  return { starts, usersAt: (start) => usersOf(knownAt(start)?.query ?? query)(start) };
}

/** One user's two years are one read. A team's days before and after are two: the range between is known to be of no use. */
async function readAround(asked: Interval, query: StartsQuery, read: ReadMore) {
  const { now } = query;
  const reach = 'hosts' in query ? Math.min(horizonMs, longestFor(query.hosts.length)) : horizonMs;
  const [begin, end] = [Math.max(asked.start, now), Math.max(asked.end, now)];
  const before = { start: Math.max(now, begin - reach), end: begin };
  const after = { start: end, end: end + reach };
  const ranges = 'hosts' in query ? [before, after] : [{ start: before.start, end: after.end }];
  const wanted = ranges.filter(({ start, end }) => start < end);
  return Promise.all(wanted.map(async (range) => ({ range, query: await read(range) })));
}
