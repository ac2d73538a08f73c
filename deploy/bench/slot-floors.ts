import { type DatedStarts, startsByDate } from './slot-dates.ts';
import type { Workload } from './slot-workloads.ts';

/**
 * The least that any engine has to do for these workloads, with every rule hard-coded.
 *
 * Floor A gets what it needs ready: windows and busy time packed into typed arrays of minutes, sorted. It sweeps them
 * and writes Int32 minutes. Floor B, the fair one, gets the objects that a caller has: it packs and sorts busy time,
 * sweeps, and answers ISO texts by date.
 */
export interface Packed {
  /** `[start, end, …]` in minutes since 1970, ascending. */
  readonly windows: Int32Array;
  readonly busy: readonly Int32Array[];
  readonly assignment: Workload['assignment'];
}

const duration = 30;
const step = 15;

export function pack({ hosts, from, to, assignment }: Workload): Packed {
  return { windows: windowsOf(from, to), busy: hosts.map(({ busy }) => packBusy(busy)), assignment };
}

/** Floor A: how many starts were written into `out`. */
export function sweep({ windows, busy, assignment }: Packed, out: Int32Array): number {
  let count = writeAll(windows, out);
  if (assignment !== 'round_robin') {
    for (const host of busy) count = keepFree(out, count, host, out);
    return count;
  }
  const own = new Int32Array(count);
  const seen = new Uint8Array(count);
  for (const host of busy) markFree(out, count, host, seen);
  for (let i = 0; i < count; i++) own[i] = out[i]!;
  let kept = 0;
  for (let i = 0; i < count; i++) if (seen[i] === 1) out[kept++] = own[i]!;
  return kept;
}

/** Floor B. The zone's rules are told in advance here too: they are worked out once a process in any engine. */
export function fromObjects(workload: Workload, out: Int32Array): DatedStarts {
  return startsByDate(out, sweep(pack(workload), out));
}

function writeAll(windows: Int32Array, out: Int32Array): number {
  let count = 0;
  for (let i = 0; i < windows.length; i += 2) {
    const last = windows[i + 1]! - duration;
    for (let start = windows[i]!; start <= last; start += step) out[count++] = start;
  }
  return count;
}

function keepFree(starts: Int32Array, count: number, busy: Int32Array, out: Int32Array): number {
  let kept = 0;
  let next = 0;
  let until = 0;
  for (let i = 0; i < count; i++) {
    const start = starts[i]!;
    while (next < busy.length && busy[next]! < start + duration) {
      if (busy[next + 1]! > until) until = busy[next + 1]!;
      next += 2;
    }
    if (until <= start) out[kept++] = start;
  }
  return kept;
}

function markFree(starts: Int32Array, count: number, busy: Int32Array, seen: Uint8Array): void {
  let next = 0;
  let until = 0;
  for (let i = 0; i < count; i++) {
    const start = starts[i]!;
    while (next < busy.length && busy[next]! < start + duration) {
      if (busy[next + 1]! > until) until = busy[next + 1]!;
      next += 2;
    }
    if (until <= start) seen[i] = 1;
  }
}

function packBusy(busy: readonly { start: number; end: number }[]): Int32Array {
  const keys = new Float64Array(busy.length);
  for (let i = 0; i < busy.length; i++) {
    const { start, end } = busy[i]!;
    keys[i] = (start / 60_000) * 1024 + (end - start) / 60_000;
  }
  keys.sort();
  const packed = new Int32Array(busy.length * 2);
  for (let i = 0; i < keys.length; i++) {
    const start = Math.floor(keys[i]! / 1024);
    packed[2 * i] = start;
    packed[2 * i + 1] = start + (keys[i]! % 1024);
  }
  return packed;
}

/** Daylight saving time begins in New York. */
const transition = Date.parse('2030-03-10T07:00Z') / 60_000;

function windowsOf(from: number, to: number): Int32Array {
  const windows: number[] = [];
  for (let midnight = from / 60_000, weekday = 1; midnight < to / 60_000; midnight += 1440, weekday++) {
    if (midnight > transition && midnight - 1440 < transition) midnight -= 60;
    if (weekday % 7 === 0 || weekday % 7 === 6) continue;
    windows.push(midnight + 540, midnight + 1020);
  }
  return Int32Array.from(windows);
}
