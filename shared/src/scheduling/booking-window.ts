import type { Instant } from '../kernel/time.ts';
import { type Day, dayOfDate, weekdayOfDay } from './dates.ts';
import type { SlotQuery } from './model.ts';
import { type Plan, planOf, startOfDay, zoneAt } from './plan.ts';

/** Starts are allowed within `[from, until)`. */
export interface Bounds {
  readonly from: Instant;
  readonly until: Instant;
}

export const unbounded: Bounds = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/**
 * The booking window in whole days of the host, where it can be told from the clock alone: today counts besides the
 * `days`, also when nothing of it is left. What `open_days` means depends on what is free: see open-days.ts.
 */
export function bookingWindow({ terms, host, now }: Pick<SlotQuery, 'terms' | 'host' | 'now'>): Bounds {
  const window = terms.booking_window;
  if (!window || window.type === 'open_days') return unbounded;
  const plan = planOf(host);
  if (window.type === 'range') {
    return {
      from: startOfDay(plan, dayOfDate(window.start_date)),
      until: startOfDay(plan, dayOfDate(window.end_date) + 1),
    };
  }
  const today = todayOf(plan, now);
  const last = window.type === 'calendar_days' ? today + window.days : businessDaysAfter(today, window.days);
  return { from: unbounded.from, until: startOfDay(plan, last + 1) };
}

export function todayOf(plan: Plan, now: Instant): Day {
  return zoneAt(plan, now).dayAt(now);
}

/** The `count`-th Monday-to-Friday after a day. */
function businessDaysAfter(day: Day, count: number): Day {
  let last = day;
  for (let left = count; left > 0; ) {
    last += 1;
    const weekday = weekdayOfDay(last);
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return last;
}
