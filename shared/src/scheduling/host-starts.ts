import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { type Bits, fullBits, has } from './bits.ts';
import type { Bounds } from './booking-window.ts';
import { aligned, type Grid, gridOf, listed, type Runs, startsOf } from './grid.ts';
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
export class HostStarts {
  readonly query: SlotQuery;
  readonly rules: Rules;
  readonly open: OpenMinutes;
  /** The minute at which the map begins. */
  readonly base: number;
  readonly grid: Grid;
  /** Minutes `[begin, end)`. */
  readonly begin: number;
  readonly end: number;
  readonly isFull: IsFull | undefined;
  private readonly free: Bits | undefined;
  private made: StartMap | undefined;

  constructor(query: SlotQuery, rules: Rules, range: MinuteRange, window: Bounds, laidOut?: LaidOut) {
    this.query = query;
    this.rules = rules;
    this.begin = Math.max(range.from, ceilMinute(earliestOf(query)), ceilMinute(window.from));
    this.end = Math.max(this.begin, Math.min(range.to, ceilMinute(window.until)));
    this.open = laidOut?.open ?? openFor(query, rules, this.begin, this.end);
    this.base = laidOut?.base ?? gridBegin(this.open, this.begin);
    this.grid = laidOut?.grid ?? gridOf(query, rules);
    this.isFull = limitsOf(query, rules);
    this.free = laidOut?.free;
  }

  /** How many minutes the map has. */
  get length(): number {
    return this.end - this.base;
  }

  /** Lays the map out in a full set that is lent: when that is given back, these starts are not to be asked again. */
  layOutIn(free: Bits): this {
    this.made = startMap(this.query, this.rules, this.open, this.base, free);
    return this;
  }

  /** Made when it is first asked for: hosts who all have to be there are mostly told by what they have in common. */
  get map(): StartMap {
    this.made ??= startMap(this.query, this.rules, this.open, this.base, this.free ?? fullBits(this.length));
    return this.made;
  }
}

export interface MinuteRange {
  readonly from: number;
  readonly to: number;
}

/** What is decided for all hosts of a team, so that their maps can be laid over each other. */
export interface LaidOut {
  readonly open: OpenMinutes;
  readonly base: number;
  /** A full set as long as the map; undefined where its length is the host's own business. */
  readonly free: Bits | undefined;
  readonly grid: Grid | undefined;
}

/** The listed minutes, ascending. Meetings with seats left are listed off the grid and over the limits too. */
export function listStarts(starts: HostStarts, isFull = starts.isFull): number[] {
  const { map, begin, end } = starts;
  const minutes = startsOf(listedRuns(starts), starts.rules.interval);
  const open = isFull ? minutes.filter((minute) => !isFull(minute)) : minutes;
  if (map.joins.length === 0) return open;
  const joins = map.joins.map(({ at }) => at).filter((at) => at >= begin && at < end);
  return [...new Set([...open, ...joins])].sort((a, b) => a - b);
}

/** The same as instants. Most lists are long and nothing more is asked of them, so they are written once. */
export function listInstants(starts: HostStarts): Instant[] {
  if (starts.isFull || starts.map.joins.length > 0) return listStarts(starts).map((minute) => minute * msPerMinute);
  return startsOf(listedRuns(starts), starts.rules.interval, msPerMinute);
}

/** What hours, calendar and grid list, whatever limits and joins say. */
export function listedRuns({ map, grid, begin, end }: HostStarts): Runs {
  return listed(map, grid, begin, end);
}

/** What forbids a minute of `[begin, end)` that is not told by hours and calendar alone. */
export function refusalAt(starts: HostStarts, minute: number): Reason | undefined {
  return has(starts.map.free, minute - starts.base) ? refusalOfFree(starts, minute) : 'slot_taken';
}

/** The same of a minute that is known to be free. */
export function refusalOfFree(starts: HostStarts, minute: number): Reason | undefined {
  if (starts.query.terms.seats !== undefined && starts.map.joins.some(({ at }) => at === minute)) return undefined;
  if (starts.isFull?.(minute)) return 'limit_reached';
  return isOnGrid(starts, minute) ? undefined : 'off_grid';
}

/** Whether a minute is one of the grid, or is listed all the same. */
export function isOnGrid(starts: HostStarts, minute: number): boolean {
  const { query, grid } = starts;
  if (query.terms.starts === 'any' || aligned(grid, minute)) return true;
  // Off the grid and listed all the same: in a range over a transition by half an hour, the list goes on as it began.
  // By the zone of this minute, as a judge of one host knows it who was told of the lead's zone at that start.
  const zone = grid.zoneAt(minute);
  return listed(starts.map, { ...grid, zoneAt: () => zone }, minute, minute + 1).length > 0;
}
