import { day, minute } from '@agentcal/shared/kernel/time';
import type { Terms } from '@agentcal/shared/scheduling/model';
import { periodMsOf } from '../periods.ts';

/** How far back a grid of starts can begin: the engine looks back four days, and claims move the grid on the way. */
const gridMs = 5 * day;
/** Which start is a day's first is told from the day before on, and a trip can add one. */
const firstOfDayMs = 3 * day;

/**
 * How far a calendar has to be known around a range of starts: back to where its grid begins, as far as its own
 * buffers reach, and the whole of each period that a limit counts. The next open days are counted from today on.
 */
export function reachOf({
  duration_minutes,
  durations = [],
  buffer_before,
  buffer_after,
  limits = [],
  booking_window,
  first_slot_of_day_only = false,
}: Terms) {
  const period = periodMsOf(limits);
  const longest = Math.max(duration_minutes, ...durations);
  return {
    reach_before_ms: gridMs + (first_slot_of_day_only ? firstOfDayMs : 0) + period + (longest + buffer_before) * minute,
    reach_after_ms: period + (longest + buffer_after) * minute,
    reach_from_now: booking_window?.type === 'open_days',
  };
}
