import type { Instant, Interval } from '@agentcal/shared/kernel/time';
import { horizonMs, type ListStarts, nearestSlots } from '@agentcal/shared/scheduling/next';
import { speakNearest, speakSlots } from '@agentcal/shared/scheduling/speak';
import { slotsToJson } from './slot-text.ts';

/** How starts of one user are shown. */
export interface Shown {
  readonly userId: string;
  readonly timezone: string;
  readonly durationMinutes: number;
  readonly now: Instant;
}

/** An availability answer with slots in it, as members of a JSON object. `said` are those to choose what is said from. */
export function someToJson(starts: readonly Instant[], shown: Shown, said = starts): string {
  return `"data":${dataToJson(starts, shown)},${spokenToJson(speakSlots(said, shown), shown)}`;
}

/** The answer where there is none: why, and what is nearest to what was asked for. */
export function noneToJson(reason: string | undefined, nearest: readonly Instant[], shown: Shown): string {
  const because = reason === undefined ? '' : `,"reason":${JSON.stringify(reason)}`;
  const spoken = spokenToJson(speakNearest(nearest, shown), shown);
  return `"data":[],${spoken}${because},"nearest":${dataToJson(nearest, shown)}`;
}

export function dataToJson(starts: readonly Instant[], { durationMinutes, timezone, userId }: Shown): string {
  return slotsToJson(starts, durationMinutes, timezone, [userId]);
}

function spokenToJson(speak: string, { timezone }: Shown): string {
  return `"timezone":${JSON.stringify(timezone)},"speak":${JSON.stringify(speak)}`;
}

/** What of a calendar has to be known to find what is nearest to a range. */
export function nearbyRange({ start, end }: Interval, now: Instant): Interval {
  return { start: Math.max(now, start - horizonMs), end: Math.max(now, end) + horizonMs };
}

export function nearestTo({ start, end }: Interval, now: Instant, list: ListStarts): Instant[] {
  return nearestSlots(list, { from: start, to: end, now });
}
