import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { type Bounds, bookingWindow } from './booking-window.ts';
import { gridOf, listed } from './grid.ts';
import { limitsOf } from './limits.ts';
import type { SlotQuery } from './model.ts';
import { openDaysEnd } from './open-days.ts';
import { planOf, zoneAt } from './plan.ts';
import { ceilMinute, type Rules, rulesOf } from './rules.ts';
import { startMap } from './start-map.ts';

/** What is listed for one host within `[from, to)`. */
export interface Slots {
  /** Ascending, each once. */
  readonly starts: Instant[];
  readonly durationMinutes: number;
}

export type RangeQuery = SlotQuery & {
  readonly from: Instant;
  readonly to: Instant;
  /** At most so many, the first ones. */
  readonly limit?: number;
};

/**
 * The starts that can be booked now with one host. Each of them is accepted by `judgeStart` while nothing changes:
 * both read the same map of starts, the same grid and the same bounds.
 */
export function findSlots(query: RangeQuery): Slots {
  const rules = rulesOf(query);
  if (!rules) return { starts: [], durationMinutes: query.durationMinutes ?? query.terms.duration_minutes };
  const to = ceilMinute(query.to);
  const minutes = within(query, rules, ceilMinute(query.from), to, windowOf(query, rules, to));
  const shown = query.terms.first_slot_of_day_only ? firstOfDays(query, minutes) : minutes;
  const count = Math.min(shown.length, query.limit ?? shown.length);
  const starts = new Array<Instant>(count);
  for (let i = 0; i < count; i++) starts[i] = shown[i]! * msPerMinute;
  return { starts, durationMinutes: rules.duration };
}

/** The booking window, of whatever kind, as far as starts before the minute `until` need to know. */
export function windowOf(query: SlotQuery, rules: Rules, until: number): Bounds {
  const window = query.terms.booking_window;
  if (window?.type !== 'open_days') return bookingWindow(query);
  return openDaysEnd(query, window.days, until, (from, to) => within(query, rules, from, to));
}

/** Minimum notice as the first allowed instant. Never before now. */
export function earliestOf({ now, terms }: Pick<SlotQuery, 'now' | 'terms'>): Instant {
  return now + terms.min_notice_minutes * msPerMinute;
}

/** The listed minutes of a range: the grid first, then what only filters and never moves it. */
function within(query: SlotQuery, rules: Rules, from: number, to: number, window?: Bounds): number[] {
  const earliest = ceilMinute(earliestOf(query));
  const begin = Math.max(from, earliest, window ? ceilMinute(window.from) : from);
  const end = Math.min(to, window ? ceilMinute(window.until) : to);
  if (begin >= end) return [];
  const map = startMap(query, rules, begin, end);
  const minutes = listed(map, gridOf(query, rules), begin, end);
  const isFull = limitsOf(query, rules);
  const open = isFull ? minutes.filter((minute) => !isFull(minute)) : minutes;
  const joins = map.joins.filter(({ at }) => at >= begin && at < end);
  return joins.length === 0 ? open : [...new Set([...open, ...joins.map(({ at }) => at)])].sort((a, b) => a - b);
}

function firstOfDays({ host }: SlotQuery, minutes: readonly number[]): number[] {
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
