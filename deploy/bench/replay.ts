import { rebuildReadModel } from '@agentcal/projection-service/rebuild';
import type { Bench } from './bench.ts';
import { rawReplay } from './floors.ts';
import { writePast } from './history.ts';
import { inTurns, median } from './load.ts';
import type { Figure } from './report.ts';

const rounds = 3;
/** So that the log is worth reading, whatever other parts have written to it. */
const events = 60_000;

/** The whole log folded into a read model, against the log merely read. */
export async function* measureReplay(bench: Bench): AsyncGenerator<Figure> {
  const world = await bench.world();
  const pool = await bench.pool();
  const deps = await bench.deps();
  for (const userId of world.take(2)) await writePast(deps, world, userId, events / 2);
  // Nothing of the product runs beside it: only then is all of the log behind it.
  await bench.quiet();
  for (const name of ['bookings', 'availability']) {
    const rebuild = async () => {
      const { rows } = await pool.query('select count(*)::integer as count from log.events');
      const started = performance.now();
      await rebuildReadModel(deps, name, new AbortController().signal);
      return rows[0].count / ((performance.now() - started) / 1000);
    };
    const turns = await inTurns(rounds, rebuild, () => rawReplay(pool));
    const [value, floor] = [median(turns.one), median(turns.other.map(({ perSecond }) => perSecond))];
    yield {
      what: `replay into the ${name} read model`,
      value: `${Math.round(value)} events/s`,
      floor: `raw keyset read of the log: ${Math.round(floor)} events/s`,
      ratio: value / floor,
      aim: '≥ 0.3',
    };
  }
}
