import { simulate } from '../run.ts';
import type { Bug } from './plant.ts';
import { plants } from './plants.ts';

/** Looks for every planted bug, and says where it was found, a line of JSON each. */
export interface Hunted {
  readonly bug: string;
  readonly seed?: number;
  readonly finding?: string;
}

const within = 40;

async function hunt(bug: string, plant: Bug): Promise<Hunted> {
  for (let seed = 1; seed <= within; seed += 1) {
    const { violations } = await simulate(seed, { plant, storm: 2 });
    const finding = violations.find((violation) => plant.found.test(violation));
    if (finding) return { bug, seed, finding };
  }
  return { bug };
}

for (const [bug, plant] of Object.entries<Bug>(plants)) console.log(JSON.stringify(await hunt(bug, plant)));
