import t from 'tap';
import { runAlone } from '../run-alone.ts';
import type { Hunted } from './hunt.ts';
import { plants } from './plants.ts';

t.setTimeout(300_000);

t.test('every planted bug is found, and by what it breaks', async (t) => {
  const { output } = await runAlone(new URL('hunt.ts', import.meta.url), []);
  const hunted: Hunted[] = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.same(
    hunted.map(({ bug }) => bug),
    Object.keys(plants),
  );
  for (const { bug, seed, finding } of hunted) t.ok(finding, `${bug}: seed ${seed}, ${finding?.slice(0, 200)}`);
});
