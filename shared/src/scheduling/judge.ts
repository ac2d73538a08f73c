import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { fullBits, has } from './bits.ts';
import { aligned, gridOf } from './grid.ts';
import { HostStarts, refusalAt } from './host-starts.ts';
import type { Reason, SlotQuery, Verdict } from './model.ts';
import { earliestOf, floorMinute, rulesOf } from './rules.ts';
import { windowOf } from './slots.ts';
import { keepHours } from './start-map.ts';

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
  if (start !== minute * msPerMinute) return no('off_grid');
  const starts = new HostStarts(query, rules, { from: minute, to: minute + 1 }, window);
  const reason = refusalAt(starts, minute);
  if (reason) return no(reason === 'slot_taken' && !isInHours(starts, minute) ? 'outside_hours' : reason);
  const join = starts.map.joins.find(({ at }) => at === minute);
  return join ? { ok: true, joins: join.claimId } : yes;
}

/** Whether a start is on the grid by itself. Else it may be listed all the same, going on from what was free long before. */
export function standsOnGrid(query: SlotQuery, start: Instant): boolean {
  if (query.terms.starts === 'any') return true;
  const rules = rulesOf(query);
  return rules !== undefined && aligned(gridOf(query, rules), floorMinute(start));
}

const yes: Verdict = { ok: true };

function no(reason: Reason): Verdict {
  return { ok: false, reason };
}

/** Whether hours and out-of-office allow a minute, whoever else has taken it. */
export function isInHours({ query, rules, open }: HostStarts, minute: number): boolean {
  const inHours = fullBits(1);
  keepHours(query, rules, open, minute, inHours);
  return has(inHours, 0);
}
