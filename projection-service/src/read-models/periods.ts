import { day } from '@agentcal/shared/kernel/time';
import type { Limit } from '@agentcal/shared/scheduling/model';

/** The longest that a period can last in any zone, a change of clocks or of the zone's date included. */
const periodMs = { day: 2 * day, week: 8 * day, month: 32 * day, year: 367 * day };

/** How far from a start the bookings can be that count in one of its periods. */
export function periodMsOf(limits: readonly Limit[]): number {
  return Math.max(0, ...limits.map(({ per }) => periodMs[per]));
}
