import { minute as msPerMinute } from '../kernel/time.ts';
import { nextIn, nextOut } from './bits.ts';
import type { SlotQuery } from './model.ts';
import { planOf, zoneAt } from './plan.ts';
import type { Rules } from './rules.ts';
import type { StartMap } from './start-map.ts';
import { type Zone, zoneOf } from './zone.ts';

/** On which minutes starts lie: `zoneAt` tells whose local hour counts at a minute. */
export interface Grid {
  readonly rules: Rules;
  readonly zoneAt: (minute: number) => Zone;
}

export function gridOf(query: Pick<SlotQuery, 'host' | 'gridTimezone'>, rules: Rules): Grid {
  if (query.gridTimezone !== undefined) {
    const zone = zoneOf(query.gridTimezone);
    return { rules, zoneAt: () => zone };
  }
  const plan = planOf(query.host);
  if (plan.travel.length === 0) return { rules, zoneAt: () => plan.home };
  return { rules, zoneAt: (minute) => zoneAt(plan, minute * msPerMinute) };
}

/** Whether a minute is a multiple of the grid of its local hour. */
export function aligned(grid: Grid, minute: number): boolean {
  return pastGrid(grid, minute) === 0;
}

/** The first aligned minute at or after `minute`. */
function firstAligned(grid: Grid, minute: number): number {
  let at = minute;
  // A transition by half an hour can move the grid on the way; then it is looked for again from there.
  for (let past = pastGrid(grid, at); past !== 0; past = pastGrid(grid, at)) {
    const next = at + grid.rules.grid - past;
    const transition = Math.ceil(grid.zoneAt(at).transitionAfter(at * msPerMinute) / msPerMinute);
    at = transition > at && transition < next ? transition : next;
  }
  return at;
}

function pastGrid({ rules, zoneAt }: Grid, minute: number): number {
  const local = Math.floor(minute + zoneAt(minute).offsetAt(minute * msPerMinute) / msPerMinute) - rules.offset;
  // What `%` says of doubles is slow, and negative before 1970.
  return local - Math.floor(local / rules.grid) * rules.grid;
}

/** Starts as runs `[first, end, first, end, …]`: each first one and every interval after it, before its end. */
export type Runs = readonly number[];

/**
 * The listed starts within `[from, to)`: in each range of allowed starts the first aligned one, and from there on
 * every interval. Ranges begin where the map says, also before `from`.
 */
export function listed(map: Omit<StartMap, 'joins'>, grid: Grid, from: number, to: number): Runs {
  const runs: number[] = [];
  const { free, base, open } = map;
  const { edges, restarts } = open;
  let restart = 0;
  // Window by window: most of all minutes are in none, and looking through them would cost more than all else.
  for (let i = 0; i < edges.length && edges[i]! < to; i += 2) {
    const closing = Math.min(edges[i + 1]!, to) - base;
    for (let bit = nextIn(free, Math.max(0, edges[i]! - base), closing); bit !== -1; ) {
      const out = nextOut(free, bit);
      const end = base + out;
      let begin = base + bit;
      // A restart splits the range for the grid only: what lies before it goes on as if the range ended there.
      while (begin < end) {
        while (restart < restarts.length && restarts[restart]! <= begin) restart++;
        const part = restart < restarts.length && restarts[restart]! < end ? restarts[restart]! : end;
        addRun(runs, grid, begin, Math.min(part, to), from);
        begin = part;
      }
      bit = nextIn(free, out, closing);
    }
  }
  return runs;
}

/** Every start of `[from, to)` on the grid, listed or not. */
export function onGrid(
  { free, base }: Pick<StartMap, 'free' | 'base'>,
  grid: Grid,
  from: number,
  to: number,
): number[] {
  const starts: number[] = [];
  for (let bit = nextIn(free, Math.max(0, from - base)); bit !== -1 && base + bit < to; ) {
    const out = nextOut(free, bit);
    const end = Math.min(base + out, to);
    for (let at = firstAligned(grid, base + bit); at < end; at = firstAligned(grid, at + 1)) starts.push(at);
    bit = nextIn(free, out);
  }
  return starts;
}

function addRun(runs: number[], grid: Grid, begin: number, end: number, from: number): void {
  const { interval } = grid.rules;
  let first = firstAligned(grid, begin);
  if (first < from) first += Math.ceil((from - first) / interval) * interval;
  if (first < end) runs.push(first, end);
}

/** The starts of runs one by one: in minutes, or in units of which a minute has so many. */
export function startsOf(runs: Runs, interval: number, perMinute = 1): number[] {
  let count = 0;
  for (let i = 0; i < runs.length; i += 2) count += Math.ceil((runs[i + 1]! - runs[i]!) / interval);
  // Made at its length: growing it step by step would cost more than all that is written.
  const starts = new Array<number>(count);
  let next = 0;
  for (let i = 0; i < runs.length; i += 2) {
    for (let minute = runs[i]!; minute < runs[i + 1]!; minute += interval) starts[next++] = minute * perMinute;
  }
  return starts;
}
