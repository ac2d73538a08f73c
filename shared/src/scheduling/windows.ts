import { type Instant, type Interval, minute as msPerMinute } from '../kernel/time.ts';
import type { Hours } from './model.ts';
import { type Plan, planOf, zoneOn } from './plan.ts';

/**
 * When a schedule is open, as UTC minutes since 1970.
 *
 * `edges` is `[start, end, start, end, …]`, ascending; windows that touched or overlapped are one.
 * `restarts` are the minutes at which a grid of starts begins anew inside a window that has no beginning of its
 * own: the midnight of a day that is open around the clock, and the moments at which travel changes the zone.
 */
export interface OpenMinutes {
  readonly edges: readonly number[];
  readonly restarts: readonly number[];
}

/** Open without a beginning or an end. */
export const always = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** How far before a moment its grid can begin: two days in one zone, and the distance between any two zones. */
const lookBackDays = 4;

/** The whole windows that meet `[from, to)`, in minutes, not cut to it: a grid begins where its window does. */
export function openMinutes(hours: Hours, from: number, to: number): OpenMinutes {
  const plan = planOf(hours);
  const edges: number[] = [];
  const restarts: number[] = [];
  const firstDay = plan.home.dayAt(from * msPerMinute) - lookBackDays;
  const lastDay = plan.home.dayAt(to * msPerMinute) + 2;
  let sorted = true;
  for (let day = firstDay; day <= lastDay; day++) {
    const { edges: windows, aroundTheClock } = plan.windowsOn(day);
    if (windows.length === 0) continue;
    const zone = zoneOn(plan, day);
    const midnight = day * msPerDay;
    for (let i = 0; i < windows.length; i += 2) {
      const start = Math.ceil(zone.instantOf(midnight + windows[i]! * msPerMinute) / msPerMinute);
      const end = Math.floor(zone.instantOf(midnight + windows[i + 1]! * msPerMinute) / msPerMinute);
      if (end <= start) continue; // The clock jumped over all of it.
      if (aroundTheClock && i === 0) restarts.push(start);
      const last = edges.length - 1;
      if (last > 0 && start <= edges[last]!) {
        if (start < edges[last - 1]!) sorted = false;
        else {
          if (end > edges[last]!) edges[last] = end;
          continue;
        }
      }
      edges.push(start, end);
    }
  }
  addTravel(plan, firstDay * minutesPerDay, (lastDay + 1) * minutesPerDay, restarts);
  return { edges: meeting(sorted ? edges : merged(edges), from, to), restarts };
}

const msPerDay = 86_400_000;
const minutesPerDay = 1440;

function addTravel(plan: Plan, from: number, to: number, restarts: number[]): void {
  if (plan.travel.length === 0) return;
  for (const trip of plan.travel) {
    for (const instant of [trip.start, trip.end]) {
      const at = Math.ceil(instant / msPerMinute);
      if (at >= from && at <= to) restarts.push(at);
    }
  }
  restarts.sort((a, b) => a - b);
}

/** Across a trip a later date can begin earlier than the one before it; then order and merging start over. */
function merged(edges: readonly number[]): number[] {
  const starts: number[] = [];
  for (let i = 0; i < edges.length; i += 2) starts.push(i);
  starts.sort((a, b) => edges[a]! - edges[b]!);
  const result: number[] = [];
  for (const i of starts) {
    const last = result.length - 1;
    if (last > 0 && edges[i]! <= result[last]!) result[last] = Math.max(result[last]!, edges[i + 1]!);
    else result.push(edges[i]!, edges[i + 1]!);
  }
  return result;
}

function meeting(edges: readonly number[], from: number, to: number): readonly number[] {
  let first = 0;
  while (first < edges.length && edges[first + 1]! <= from) first += 2;
  let end = edges.length;
  while (end > first && edges[end - 2]! >= to) end -= 2;
  return first === 0 && end === edges.length ? edges : edges.slice(first, end);
}

/** What two schedules have in common. Grids keep beginning where those of the first do. */
export function common(one: OpenMinutes, other: OpenMinutes): OpenMinutes {
  const edges: number[] = [];
  for (let i = 0, j = 0; i < one.edges.length && j < other.edges.length; ) {
    const start = Math.max(one.edges[i]!, other.edges[j]!);
    const end = Math.min(one.edges[i + 1]!, other.edges[j + 1]!);
    if (start < end) edges.push(start, end);
    if (one.edges[i + 1]! < other.edges[j + 1]!) i += 2;
    else j += 2;
  }
  return { edges, restarts: one.restarts };
}

/** When a schedule is open within a range, as instants cut to that range. */
export function openWindows(hours: Hours, range: { from: Instant; to: Instant }): Interval[] {
  const from = Math.floor(range.from / msPerMinute);
  const to = Math.ceil(range.to / msPerMinute);
  const { edges } = openMinutes(hours, from, to);
  const windows: Interval[] = [];
  for (let i = 0; i < edges.length; i += 2) {
    const start = Math.max(edges[i]! * msPerMinute, range.from);
    const end = Math.min(edges[i + 1]! * msPerMinute, range.to);
    if (start < end) windows.push({ start, end });
  }
  return windows;
}
