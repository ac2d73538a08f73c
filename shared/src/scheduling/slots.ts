import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { type Bounds, bookingWindow, unbounded } from './booking-window.ts';
import { hostStarts, listStarts } from './host-starts.ts';
import type { HostCalendar, SlotQuery } from './model.ts';
import { openDaysEnd } from './open-days.ts';
import { planOf, zoneAt } from './plan.ts';
import { ceilMinute, type Rules, rulesOf } from './rules.ts';

/** What is listed for one host within `[from, to)`. */
export interface Slots {
  /** Ascending, each once. */
  readonly starts: Instant[];
  readonly durationMinutes: number;
}

export interface Range {
  readonly from: Instant;
  readonly to: Instant;
  /** At most so many, the first ones. */
  readonly limit?: number;
}

/**
 * The starts that can be booked now with one host. Each of them is accepted by `judgeStart` while nothing changes:
 * both read the same starts of the host (host-starts.ts).
 */
export function findSlots(query: SlotQuery & Range): Slots {
  const rules = rulesOf(query);
  if (!rules) return { starts: [], durationMinutes: query.durationMinutes ?? query.terms.duration_minutes };
  const range = { from: ceilMinute(query.from), to: ceilMinute(query.to) };
  const minutes = listStarts(hostStarts(query, rules, range, windowOf(query, rules, range.to)));
  const shown = query.terms.first_slot_of_day_only ? firstOfDays(query.host, minutes) : minutes;
  return { starts: instants(shown, query.limit), durationMinutes: rules.duration };
}

/** The booking window, of whatever kind, as far as starts before the minute `until` need to know. */
export function windowOf(query: SlotQuery, rules: Rules, until: number): Bounds {
  const window = query.terms.booking_window;
  if (window?.type !== 'open_days') return bookingWindow(query);
  return openDaysEnd(query, window.days, until, (range) => listStarts(hostStarts(query, rules, range, unbounded)));
}

export function instants(minutes: readonly number[], limit = minutes.length): Instant[] {
  const starts = new Array<Instant>(Math.min(minutes.length, limit));
  for (let i = 0; i < starts.length; i++) starts[i] = minutes[i]! * msPerMinute;
  return starts;
}

/** Of ascending minutes, the first of each of the host's days. */
export function firstOfDays(host: HostCalendar, minutes: readonly number[]): number[] {
  const plan = planOf(host);
  let last = Number.NaN;
  return minutes.filter((minute) => {
    const instant = minute * msPerMinute;
    const day = zoneAt(plan, instant).dayAt(instant);
    const first = day !== last;
    last = day;
    return first;
  });
}
