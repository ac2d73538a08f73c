import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { isAllOf, leadOf, type Need, type TeamQuery } from './assignment.ts';
import { type Grid, gridOf } from './grid.ts';
import { type Plan, planOf, zoneAt } from './plan.ts';
import { ceilMinute, type Rules } from './rules.ts';
import { gridBegin, openFor } from './start-map.ts';
import { always, type OpenMinutes } from './windows.ts';

/** The grid that hosts who meet together have in common: the lead's. */
export interface SharedGrid {
  readonly grid: Grid;
  /** The minute at which the grid begins that is in force at the begin of the range: nothing before it matters. */
  readonly begin: number;
  /** The windows that ranges lie in, and where the grid begins anew inside of them. */
  readonly open: OpenMinutes;
}

/**
 * Undefined where one host is enough and each has a grid of their own.
 *
 * Where the lead has to be there, ranges lie within the lead's hours and begin anew where those do. Where others can
 * stand in for the lead, shifts can follow each other for ever: then the grid begins anew with each of the lead's days.
 */
export function sharedGrid(
  query: TeamQuery,
  needs: readonly Need[],
  rules: Rules,
  from: number,
  to: number,
): SharedGrid | undefined {
  const lead = leadOf(query);
  if (!lead) return undefined;
  const grid = gridOf({ host: lead.calendar }, rules);
  const place = query.hosts.indexOf(lead);
  if (needs.some((need) => isAllOf(need) && need.members.includes(place))) {
    const open = openFor({ ...query, host: lead.calendar }, rules, from, to);
    return { grid, begin: gridBegin(open, from), open };
  }
  const restarts = dayBegins(planOf(lead.calendar), from, to);
  return { grid, begin: restarts[0]!, open: { edges: always, restarts } };
}

/** The minutes at which the days begin that meet `[from, to)`, where the host is; also those at which a trip changes it. */
function dayBegins(plan: Plan, from: number, to: number): number[] {
  const first = from * msPerMinute;
  const edges = plan.travel.flatMap(({ start, end }) => [start, end]);
  const zone = zoneAt(plan, first);
  const begins: number[] = [];
  let at: Instant = Math.max(zone.startOfDay(zone.dayAt(first)), ...edges.filter((edge) => edge <= first));
  do {
    begins.push(ceilMinute(at));
    const here = zoneAt(plan, at);
    at = Math.min(here.startOfDay(here.dayAt(at) + 1), ...edges.filter((edge) => edge > at));
  } while (at < to * msPerMinute);
  return begins;
}
