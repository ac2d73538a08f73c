import { day, type Instant, minute as msPerMinute } from '../kernel/time.ts';
import type { Limit, SlotQuery } from './model.ts';

/**
 * What of a calendar has to be known to answer about `[from, to)` as if all of it were: busy time and claims that meet
 * `blocking`, and claims that start within `counted`. A claim's own buffers come on top: they are not the query's.
 */
export interface Reach {
  readonly blocking: { readonly from: Instant; readonly to: Instant };
  readonly counted: { readonly from: Instant; readonly to: Instant };
}

/** A grid begins at most so long before a start on it: two days in one zone, and what a trip adds. */
const gridReachMs = 4 * day;

/** The longest that a period lasts in any zone, a change of clocks or of the zone included. */
const periodMs: Record<Limit['per'], number> = { day: 3 * day, week: 9 * day, month: 33 * day, year: 368 * day };

/** @param ofGrid - whether the starts stand on the grid by themselves, wherever the free time around them began */
export function reachOf(
  query: Pick<SlotQuery, 'terms' | 'durationMinutes' | 'now'> & { readonly limits?: readonly Limit[] },
  { from, to }: { readonly from: Instant; readonly to: Instant },
  { ofGrid = false } = {},
): Reach {
  const { terms, limits = [] } = query;
  // Which start is a day's first is told from the day before on, and a trip adds one.
  const shown = terms.first_slot_of_day_only ? from - 3 * day : from;
  // Open days are counted from today on, however far away the range is, and by what is listed of them.
  const countsDays = terms.booking_window?.type === 'open_days';
  const first = countsDays ? Math.min(shown, query.now - day) : shown;
  const gridReach = ofGrid && !countsDays ? 0 : gridReachMs;
  const after = (query.durationMinutes ?? terms.duration_minutes) + terms.buffer_after;
  const period = Math.max(0, ...[...(terms.limits ?? []), ...limits].map(({ per }) => periodMs[per]));
  return {
    blocking: { from: first - gridReach - terms.buffer_before * msPerMinute, to: to + after * msPerMinute },
    counted: { from: first - period, to: to + period },
  };
}
