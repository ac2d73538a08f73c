import { day, minute } from '@agentcal/shared/kernel/time';
import type { Terms } from '@agentcal/shared/scheduling/model';

/** The longest that a period can last in any zone, a change of clocks or of the zone's date included. */
const periodMs = { day: 2 * day, week: 8 * day, month: 32 * day, year: 367 * day };

/**
 * How far a calendar has to be known around a range of starts: as far as its own buffers reach, and the
 * whole of each period that a limit counts.
 */
export function reachOf({ duration_minutes, durations = [], buffer_before, buffer_after, limits = [] }: Terms) {
  const period = Math.max(0, ...limits.map(({ per }) => periodMs[per]));
  const longest = Math.max(duration_minutes, ...durations);
  return {
    reach_before_ms: period + buffer_before * minute,
    reach_after_ms: period + (longest + buffer_after) * minute,
  };
}
