import type { Instant, Interval } from '../kernel/time.ts';
import { minute as msPerMinute } from '../kernel/time.ts';
import type { Claim, HostCalendar, Schedule, SlotQuery, Terms } from './model.ts';

/** Small worlds for tests and documentation. Everything has a default; name what the example is about. */

/** `at('2026-03-08T07:00Z')`. */
export function at(iso: string): Instant {
  const instant = Date.parse(iso);
  if (Number.isNaN(instant)) throw new RangeError(`Not an instant: ${iso}`);
  return instant;
}

/** `span('2024-05-31T04:45Z', '05:00')`: the end may be given as a time of the same UTC day. */
export function span(start: string, end: string): Interval {
  return { start: at(start), end: at(end.length === 5 ? `${start.slice(0, 11)}${end}Z` : end) };
}

export const everyDay = [0, 1, 2, 3, 4, 5, 6];
export const weekdays = [1, 2, 3, 4, 5];

/** `hours(weekdays, '09:00-17:00', '19:00-21:00')`. */
export function hours(days: readonly number[], ...windows: readonly string[]): Schedule['rules'] {
  return days.flatMap((day_of_week) => windows.map((window) => ({ day_of_week, ...wall(window) })));
}

export function wall(window: string): { start_time: string; end_time: string } {
  const [start_time = '', end_time = ''] = window.split('-');
  return { start_time, end_time };
}

export function schedule(timezone: string, rules: Schedule['rules'], more: Partial<Schedule> = {}): Schedule {
  return { timezone, rules, ...more };
}

/** Every day 09:30–18:00 in Kolkata, 04:00–12:30 UTC. */
export const istDay = schedule('Asia/Kolkata', hours(everyDay, '09:30-18:00'));

/** Thirty minutes, and no other rule. */
export function terms(duration_minutes = 30, more: Partial<Terms> = {}): Terms {
  return { duration_minutes, buffer_before: 0, buffer_after: 0, min_notice_minutes: 0, ...more };
}

export function host(schedule: Schedule, more: Partial<HostCalendar> = {}): HostCalendar {
  return { userId: 'user_a', schedule, away: [], busy: [], claims: [], ...more };
}

export function claim(interval: Interval, more: Partial<Claim> & { buffers?: [number, number] } = {}): Claim {
  const { buffers = [0, 0], ...rest } = more;
  return {
    id: `bkg_${interval.start}`,
    eventTypeId: 'evt_a',
    bufferBeforeMs: buffers[0] * msPerMinute,
    bufferAfterMs: buffers[1] * msPerMinute,
    ...interval,
    ...rest,
  };
}

/** A query whose clock stands at the epoch, long before anything. */
export function query(host: HostCalendar, terms: Terms, more: Partial<SlotQuery> = {}): SlotQuery {
  return { host, terms, eventTypeId: 'evt_a', now: 0, ...more };
}
