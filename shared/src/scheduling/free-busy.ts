import type { Instant, Interval } from '../kernel/time.ts';
import type { HostCalendar } from './model.ts';
import { openWindows } from './windows.ts';

/** When one user is taken and when they could be met, within a range. Says nothing about what with. */
export interface FreeBusy {
  readonly userId: string;
  /** Merged, ascending, cut to the range: bookings, live holds, external busy time and out-of-office. Without buffers. */
  readonly busy: Interval[];
  /** Working hours that are not busy. */
  readonly free: Interval[];
}

export function freeBusy(
  hosts: readonly HostCalendar[],
  range: { from: Instant; to: Instant },
  now: Instant,
): FreeBusy[] {
  return hosts.map((host) => {
    const live = host.claims.filter(({ expiresAt = Number.POSITIVE_INFINITY }) => expiresAt > now);
    const busy = merge([...live, ...host.busy, ...host.away], range);
    return { userId: host.userId, busy, free: subtract(openWindows(host, range), busy) };
  });
}

function merge(intervals: readonly Interval[], { from, to }: { from: Instant; to: Instant }): Interval[] {
  const merged: { start: Instant; end: Instant }[] = [];
  const cut = intervals
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  for (const { start, end } of cut) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** What is left of `windows`; both ascending and each apart in themselves. */
function subtract(windows: readonly Interval[], busy: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let next = 0;
  for (const window of windows) {
    let { start } = window;
    while (next < busy.length && busy[next]!.end <= start) next++;
    for (let i = next; i < busy.length && busy[i]!.start < window.end; i++) {
      if (busy[i]!.start > start) left.push({ start, end: busy[i]!.start });
      start = Math.max(start, busy[i]!.end);
    }
    if (start < window.end) left.push({ start, end: window.end });
  }
  return left;
}
