import type { Instant, Interval } from '@agentcal/shared/kernel/time';
import type { CalendarState } from './state.ts';

/** Busy time of every source that meets the range. */
export function busyWithin(busy: CalendarState['busy'], from: Instant, to: Instant): Interval[] {
  return Object.values(busy).flatMap((intervals) => intervals.filter(({ start, end }) => start < to && end > from));
}

/** What of the intervals is in the window. */
export function cut(intervals: readonly Interval[], window: Interval): Interval[] {
  return intervals
    .map(({ start, end }) => ({ start: Math.max(start, window.start), end: Math.min(end, window.end) }))
    .filter(({ start, end }) => start < end);
}

/** Sorted, and no two of them meeting. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const result: { start: Instant; end: Instant }[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
