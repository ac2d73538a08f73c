import { minute, toIso } from '@agentcal/shared/kernel/time';
import { movingTerms } from '@agentcal/shared/scheduling/moving';
import { planOf, zoneAt } from '@agentcal/shared/scheduling/plan';
import type { FreeTime, Rules } from '../commands.ts';
import type { HoldRecord } from '../state/state.ts';
import type { Ask } from './judging.ts';

/** The time that a new claim takes, and how it is judged. */
export type Time = Pick<Ask, 'start' | 'durationMinutes' | 'judgedAt' | 'ignoreClaimId'>;

export function wanted({ start, durationMinutes }: FreeTime, { terms }: Rules): Time {
  return { start, durationMinutes: durationMinutes ?? terms.duration_minutes };
}

/** A hold was judged when it was placed: what notice and window said then still holds. */
export function timeOfHold({ id, start, end, placedAt }: HoldRecord): Time {
  return { start, durationMinutes: (end - start) / minute, judgedAt: placedAt, ignoreClaimId: id };
}

/** A booking moves as one: its own length stays offered, and it joins no other one's seats. */
export function movingRules(rules: Rules, durationMinutes: number): Rules {
  return { ...rules, terms: movingTerms(rules.terms, durationMinutes) };
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
