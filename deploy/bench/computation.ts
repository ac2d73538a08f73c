import type { Figure } from './report.ts';
import { measureSlots } from './slots.ts';

/** Pure computation of slots: needs nothing but this process. */
export async function* measureComputation(): AsyncGenerator<Figure> {
  for (const one of measureSlots()) {
    yield {
      what: `slots ${one.workload}: ${one.what}`,
      value: `${one.engineWithTextsMs.toFixed(3)} ms`,
      floor: `typed-array sweep from objects to texts: ${one.floorBMs.toFixed(3)} ms`,
      ratio: one.engineToFloorB,
      aim: '≤ 3',
    };
  }
}
