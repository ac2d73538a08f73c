import { minute, toIso } from '@agentcal/shared/kernel/time';
import { planOf, zoneAt } from '@agentcal/shared/scheduling/plan';
import type { FreeTime, Rules } from './commands.ts';
import type { Ask } from './judging.ts';

/** The time that a new claim takes, and how it is judged. */
export type Time = Pick<Ask, 'start' | 'durationMinutes' | 'judgedAt' | 'ignoreClaimId'>;

export function wanted({ start, durationMinutes }: FreeTime, { terms }: Rules): Time {
  return { start, durationMinutes: durationMinutes ?? terms.duration_minutes };
}

/** A claim's place in the log: when it is, and by what it was judged. */
export function claimed({ start, durationMinutes }: Time, { eventTypeRevision, terms, host }: Rules) {
  return {
    start_time: toIso(start),
    end_time: toIso(start + durationMinutes * minute),
    judged_by: {
      event_type_revision: eventTypeRevision,
      duration_minutes: durationMinutes,
      buffer_before: terms.buffer_before,
      buffer_after: terms.buffer_after,
      timezone: zoneAt(planOf(host), start).id,
    },
  };
}
