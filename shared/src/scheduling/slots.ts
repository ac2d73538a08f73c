import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { withFullBits } from './bits.ts';
import { type Bounds, bookingWindow, unbounded } from './booking-window.ts';
import type { Day } from './dates.ts';
import { HostStarts, listInstants, listStarts } from './host-starts.ts';
import type { HostCalendar, SlotQuery } from './model.ts';
import { openDaysEnd } from './open-days.ts';
import { type Plan, planOf, startOfDay, zoneAt } from './plan.ts';
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
  const to = ceilMinute(query.to);
  const window = windowOf(query, rules, to);
  const starts = shownOf(query, query.host, (from) => {
    const host = new HostStarts(query, rules, { from, to }, window);
    return withFullBits(host.length, (free) => listInstants(host.layOutIn(free)));
  });
  return { starts, durationMinutes: rules.duration };
}

/** What is shown of a list from a minute on: all of it, or the first of each day, whatever part of the day was asked for. */
export function shownOf(
  { terms, from, limit }: Pick<SlotQuery & Range, 'terms' | 'from' | 'limit'>,
  host: HostCalendar,
  listFrom: (minute: number) => Instant[],
): Instant[] {
  const begin = ceilMinute(from);
  const starts = terms.first_slot_of_day_only ? firstOfDays(planOf(host), begin, listFrom) : listFrom(begin);
  return limit === undefined ? starts : starts.slice(0, limit);
}

/** The booking window, of whatever kind, as far as starts before the minute `until` need to know. */
export function windowOf(query: SlotQuery, rules: Rules, until: number): Bounds {
  const window = query.terms.booking_window;
  if (window?.type !== 'open_days') return bookingWindow(query);
  // Which of a host's days are open is told by the host's own grid, whoever else is to be there.
  const { gridTimezone, ...own } = query;
  return openDaysEnd(own, window.days, until, (range) => listStarts(new HostStarts(own, rules, range, unbounded)));
}

function firstOfDays(plan: Plan, begin: number, listFrom: (minute: number) => Instant[]): Instant[] {
  const instant = begin * msPerMinute;
  // A trip over the date line can make it the day before once more.
  const yesterday = zoneAt(plan, instant).dayAt(instant) - 1;
  const days = new Set<Day>();
  const firsts = listFrom(Math.min(begin, ceilMinute(startOfDay(plan, yesterday)))).filter((start) => {
    const count = days.size;
    return days.add(zoneAt(plan, start).dayAt(start)).size > count;
  });
  return firsts.filter((start) => start >= instant);
}
