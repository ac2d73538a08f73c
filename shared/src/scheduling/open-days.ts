import { minute as msPerMinute } from '../kernel/time.ts';
import { type Bounds, todayOf, unbounded } from './booking-window.ts';
import type { SlotQuery } from './model.ts';
import { planOf, startOfDay, zoneAt } from './plan.ts';
import { ceilMinute } from './rules.ts';

/** The listed minutes within a range of minutes, under every rule but the booking window. */
type List = (range: { from: number; to: number }) => readonly number[];

const stepDays = 28;
/** A start further ahead than this is outside the window, however few days are open. */
const horizonDays = 1100;

/**
 * The window of the next `days` days, from today on, on which there is anything to book: it grows over weekends,
 * holidays and full days, so that callers always see as many open days. Looks no further than the minute `until`:
 * a window that ends later has no end as far as such starts are concerned.
 */
export function openDaysEnd(query: SlotQuery, days: number, until: number, list: List): Bounds {
  const plan = planOf(query.host);
  const today = todayOf(plan, query.now);
  let open = 0;
  let last = Number.NaN;
  for (let day = today; day < today + horizonDays; day += stepDays) {
    const from = ceilMinute(startOfDay(plan, day));
    if (from >= until) return unbounded;
    for (const minute of list({ from, to: Math.min(ceilMinute(startOfDay(plan, day + stepDays)), until) })) {
      const instant = minute * msPerMinute;
      const on = zoneAt(plan, instant).dayAt(instant);
      if (on === last) continue;
      open += 1;
      if (open === days) return { from: unbounded.from, until: startOfDay(plan, on + 1) };
      last = on;
    }
  }
  return { from: unbounded.from, until: startOfDay(plan, today + horizonDays) };
}
