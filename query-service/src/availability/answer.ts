import type { Instant } from '@agentcal/shared/kernel/time';
import { speakNearest, speakSlots } from '@agentcal/shared/scheduling/speak';
import type { Json, JsonPiece } from './json.ts';
import { type Offering, offersOf } from './offers.ts';
import { slotsToJson } from './slot-text.ts';

/** How starts are shown, and what with. */
export interface Shown extends Offering {
  readonly timezone: string;
}

/** An availability answer with slots in it, as members of a JSON object. `said` are those to choose what is said from. */
export function someToJson(starts: readonly Instant[], shown: Shown, said = starts): Json {
  return ['"data":', dataToJson(starts, shown), `,${spokenToJson(speakSlots(said, shown), shown)}`];
}

/** The answer where there is none: why, and what is nearest to what was asked for. */
export function noneToJson(reason: string | undefined, nearest: readonly Instant[], shown: Shown): Json {
  const because = reason === undefined ? '' : `,"reason":${JSON.stringify(reason)}`;
  const spoken = spokenToJson(speakNearest(nearest, shown), shown);
  return [`"data":[],${spoken}${because},"nearest":`, dataToJson(nearest, shown)];
}

export function dataToJson(starts: readonly Instant[], shown: Shown): JsonPiece {
  return slotsToJson(starts, shown.durationMinutes, shown.timezone, offersOf(starts, shown));
}

function spokenToJson(speak: string, { timezone }: Shown): string {
  return `"timezone":${JSON.stringify(timezone)},"speak":${JSON.stringify(speak)}`;
}
