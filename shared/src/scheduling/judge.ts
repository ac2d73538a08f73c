import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { has } from './bits.ts';
import { aligned, gridOf, listed } from './grid.ts';
import { limitsOf } from './limits.ts';
import type { Reason, SlotQuery, Verdict } from './model.ts';
import { floorMinute, type Rules, rulesOf } from './rules.ts';
import { earliestOf, windowOf } from './slots.ts';
import { type StartMap, startMap } from './start-map.ts';

/**
 * Whether one start can be booked now, and if not, the first rule that says no.
 *
 * Asked by hold, book, reschedule and confirm. Accepts every listed start, and besides them every allowed start that
 * is on the grid: a neighbour booked meanwhile may have moved the list, and the time is still good.
 */
export function judgeStart(query: SlotQuery & { readonly start: Instant }): Verdict {
  const rules = rulesOf(query);
  if (!rules) return no('duration_not_offered');
  const { start } = query;
  if (start < earliestOf(query)) return no('too_soon');
  const minute = floorMinute(start);
  const window = windowOf(query, rules, minute + 1);
  if (start < window.from || start >= window.until) return no('outside_window');
  const map = startMap(query, rules, minute, minute + 1);
  if (!has(map.inHours, minute - map.base)) return no('outside_hours');
  if (!has(map.free, minute - map.base)) return no('slot_taken');
  const whole = start === minute * msPerMinute;
  const join = whole ? map.joins.find(({ at }) => at === minute) : undefined;
  if (join) return { ok: true, joins: join.claimId };
  if (limitsOf(query, rules)?.(minute)) return no('limit_reached');
  return whole && isOnGrid(query, rules, map, minute) ? yes : no('off_grid');
}

const yes: Verdict = { ok: true };

function no(reason: Reason): Verdict {
  return { ok: false, reason };
}

function isOnGrid(query: SlotQuery, rules: Rules, map: StartMap, minute: number): boolean {
  if (query.terms.starts === 'any') return true;
  const grid = gridOf(query, rules);
  // Off the grid and listed all the same: in a range over a transition by half an hour, the list goes on as it began.
  return aligned(grid, minute) || listed(map, grid, minute, minute + 1).length > 0;
}
