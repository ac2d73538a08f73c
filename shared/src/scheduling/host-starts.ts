import { type Bits, emptyBits, has } from './bits.ts';
import type { Bounds } from './booking-window.ts';
import { aligned, type Grid, gridOf, listed } from './grid.ts';
import { type IsFull, limitsOf } from './limits.ts';
import type { Reason, SlotQuery } from './model.ts';
import { ceilMinute, earliestOf, type Rules } from './rules.ts';
import { gridBegin, openFor, type StartMap, startMap } from './start-map.ts';
import type { OpenMinutes } from './windows.ts';

/**
 * The starts of one host within a range: the one thing that is listed, judged, combined with other hosts and explained.
 *
 * `map` and `grid` say where starts are; `begin`, `end` (notice and booking window) and `isFull` only filter them and
 * never move the grid, so that what was listed a minute ago is still a listed start.
 */
export interface HostStarts {
  readonly query: SlotQuery;
  readonly rules: Rules;
  readonly open: OpenMinutes;
  readonly map: StartMap;
  readonly grid: Grid;
  /** Minutes `[begin, end)`. */
  readonly begin: number;
  readonly end: number;
  readonly isFull: IsFull | undefined;
}

/** What is decided for all hosts of a team, so that their maps can be laid over each other. */
export interface LaidOut {
  readonly open: OpenMinutes;
  readonly base: number;
  /** An empty set as long as the map. */
  readonly free: Bits;
  readonly grid: Grid | undefined;
}

export function hostStarts(
  query: SlotQuery,
  rules: Rules,
  range: { readonly from: number; readonly to: number },
  window: Bounds,
  laidOut?: LaidOut,
): HostStarts {
  const begin = Math.max(range.from, ceilMinute(earliestOf(query)), ceilMinute(window.from));
  const end = Math.max(begin, Math.min(range.to, ceilMinute(window.until)));
  const open = laidOut?.open ?? openFor(query, rules, begin, end);
  const base = laidOut?.base ?? gridBegin(open, begin);
  const map = startMap(query, rules, open, base, laidOut?.free ?? emptyBits(end - base));
  const grid = laidOut?.grid ?? gridOf(query, rules);
  return { query, rules, open, map, grid, begin, end, isFull: limitsOf(query, rules) };
}

/** The listed minutes, ascending. Meetings with seats left are listed off the grid and over the limits too. */
export function listStarts({ map, grid, begin, end, isFull }: HostStarts): number[] {
  const minutes = listed(map, grid, begin, end);
  const open = isFull ? minutes.filter((minute) => !isFull(minute)) : minutes;
  if (map.joins.length === 0) return open;
  const joins = map.joins.map(({ at }) => at).filter((at) => at >= begin && at < end);
  return [...new Set([...open, ...joins])].sort((a, b) => a - b);
}

/** What forbids a minute of `[begin, end)` that is not told by hours and calendar alone. */
export function refusalAt(starts: HostStarts, minute: number): Reason | undefined {
  const { map, isFull } = starts;
  if (!has(map.free, minute - map.base)) return 'slot_taken';
  if (map.joins.some(({ at }) => at === minute)) return undefined;
  if (isFull?.(minute)) return 'limit_reached';
  return isOnGrid(starts, minute) ? undefined : 'off_grid';
}

/** Whether a minute is one of the grid, or is listed all the same. */
export function isOnGrid({ query, map, grid }: HostStarts, minute: number): boolean {
  if (query.terms.starts === 'any' || aligned(grid, minute)) return true;
  // Off the grid and listed all the same: in a range over a transition by half an hour, the list goes on as it began.
  return listed(map, grid, minute, minute + 1).length > 0;
}
