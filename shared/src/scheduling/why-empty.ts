import { minute as msPerMinute } from '../kernel/time.ts';
import { needsOf, type TeamQuery } from './assignment.ts';
import { fullBits, nextIn } from './bits.ts';
import { unbounded } from './booking-window.ts';
import { HostStarts, listStarts } from './host-starts.ts';
import type { Reason, SlotQuery } from './model.ts';
import { ceilMinute, earliestOf, rulesOf } from './rules.ts';
import { findSlots, type Range, windowOf } from './slots.ts';
import { keepHours } from './start-map.ts';

/**
 * Why a range has no slots: the rule after which nothing of it was left. Asked only when an answer is empty, so that a
 * full one costs nothing more. Undefined where there are slots after all.
 */
export function whyEmpty(query: SlotQuery & Range): Reason | undefined {
  const rules = rulesOf(query);
  if (!rules) return 'duration_not_offered';
  const range = { from: ceilMinute(query.from), to: ceilMinute(query.to) };
  const earliest = ceilMinute(earliestOf(query));
  const window = windowOf(query, rules, range.to);
  if (range.to <= earliest) return 'too_soon';
  if (range.to * msPerMinute <= window.from || range.from * msPerMinute >= window.until) return 'outside_window';
  // What hours alone would allow, whatever the clock says: then it is the clock that leaves nothing of it.
  const anyTime = new HostStarts({ ...query, now: -8.64e15 }, rules, range, unbounded);
  const nextOpen = nextInHours(anyTime);
  if (nextOpen(range.from) >= range.to) return 'outside_hours';
  if (nextOpen(Math.max(range.from, earliest)) >= range.to) return 'too_soon';
  const starts = new HostStarts(query, rules, range, window);
  if (nextOpen(starts.begin) >= starts.end) return 'outside_window';
  if (listStarts(starts).length > 0) {
    // There is something, unless the day's one start that is shown lies before the range.
    return findSlots({ ...query, limit: 1 }).starts.length > 0 ? undefined : 'off_grid';
  }
  const first = nextIn(starts.map.free, starts.begin - starts.base);
  if (first === -1 || starts.base + first >= starts.end) return 'slot_taken';
  if (listStarts(starts, () => false).length > 0) return 'limit_reached';
  // What is left is on no grid. That is the reason unless there was something on it before the clock took it away.
  const onGrid = listStarts(anyTime);
  if (onGrid.some((minute) => minute < earliest)) return 'too_soon';
  return onGrid.length > 0 ? 'outside_window' : 'off_grid';
}

/** The first minute from another one on that hours and out-of-office allow; Infinity where the map has none. */
function nextInHours({ query, rules, open, base, end }: HostStarts): (minute: number) => number {
  const inHours = fullBits(end - base);
  keepHours(query, rules, open, base, inHours);
  return (minute) => {
    const bit = nextIn(inHours, minute - base);
    return bit === -1 ? Number.POSITIVE_INFINITY : base + bit;
  };
}

/** The same for a team: one reason where it is that of everybody who is lacking, `host_unavailable` where there are several. */
export function whyTeamEmpty(query: TeamQuery & Range): Reason | 'host_unavailable' {
  const reasons = query.hosts.map(({ calendar }) => whyEmpty({ ...query, host: calendar }));
  const unmet = needsOf(query).find(({ members, take }) => members.filter((i) => !reasons[i]).length < take);
  const lacking = new Set(unmet?.members.flatMap((i) => reasons[i] ?? []));
  return lacking.size === 1 ? [...lacking][0]! : 'host_unavailable';
}
