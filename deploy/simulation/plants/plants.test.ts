import t from 'tap';
import { simulate } from '../run.ts';
import type { Bug } from './plant.ts';
import { plants } from './plants.ts';

const within = 40;
t.setTimeout(300_000);

for (const [bug, plant] of Object.entries<Bug>(plants)) {
  t.test(`a planted bug is found: ${bug}`, async (t) => {
    for (let seed = 1; seed <= within; seed += 1) {
      const { violations } = await simulate(seed, { plant, storm: 2 });
      const finding = violations.find((violation) => plant.found.test(violation));
      if (finding) return t.pass(`seed ${seed}: ${finding}`);
    }
    return t.fail(`not in ${within} seeds`);
  });
}
