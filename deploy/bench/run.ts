import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rebuildReadModel } from '@agentcal/projection-service/rebuild';
import { createPool } from '@agentcal/shared/postgres/pool';
import { readConfig } from '@agentcal/shared/process/config';
import { startAllInOne } from '../all-in-one/app.ts';
import { measureAvailability } from './availability.ts';
import { measureBookings } from './bookings.ts';
import { rawReplay } from './floors.ts';
import { measureHistory } from './history.ts';
import { load, median } from './load.ts';
import { type Figure, render } from './report.ts';
import { measureSlots } from './slots.ts';
import { measureStart } from './start.ts';
import { makeWorld } from './world.ts';

/**
 * `npm run bench`: what the product does, as ratios to what the same machine does without it, in one run. The
 * last run is kept in results/latest.md.
 */
const hosts = 66;
const busy = 200;
const longPast = 100_000;

const folder = await mkdtemp(join(tmpdir(), 'agentcal-bench-'));
const figures: Figure[] = [];
const note = (figure: Figure) => {
  figures.push(figure);
  console.log(render([figure]));
};

try {
  note(await measureStart(join(folder, 'start')));
  const config = readConfig({
    AGENTCAL_DATA_DIR: join(folder, 'data'),
    PORT: '0',
    LOG_LEVEL: 'error',
    RATE_LIMIT_PER_MINUTE: '100000000',
  });
  const app = await startAllInOne(config);
  try {
    const { url, deps } = app;
    // Floors have connections of their own: the product keeps some of its for itself.
    const pool = createPool(deps.config.databaseUrl, { max: 16 });
    const world = await makeWorld(app, hosts);
    const [long, short, full] = world.userIds.slice(-3) as [string, string, string];
    const many = { ...world, userIds: world.userIds.slice(0, -3) };

    const bookings = await measureBookings(url, pool, many);
    note({
      what: 'bookings over HTTP, 16 connections, many calendars',
      value: `${Math.round(bookings.perSecond)}/s, p50 ${bookings.p50Ms.toFixed(1)} ms, p99 ${bookings.p99Ms.toFixed(1)} ms`,
      floor: `durable one-row inserts, 16 connections: ${Math.round(bookings.floorPerSecond)}/s`,
      ratio: bookings.ratio,
      aim: '≥ 0.5',
    });

    await load(
      url,
      4,
      Array.from({ length: busy }, (_, n) => world.booking(full, n * 2 + 1)),
    );
    const availability = await measureAvailability(url, pool, world, full, busy);
    const { perSecond, p50Ms, p99Ms } = availability.load;
    note({
      what: `availability of a week, ${busy} claims`,
      value: `${Math.round(perSecond)}/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`,
      floor: `bare Fastify route, one indexed select: ${Math.round(availability.floorPerSecond)}/s`,
      ratio: availability.ratio,
      aim: '≥ 0.5',
    });

    const history = await measureHistory(url, deps, world, [long, short], longPast);
    note({
      what: `booking on a calendar with ${longPast} past events`,
      value: `${history.longMs.toFixed(2)} ms (first, cold: ${Math.round(history.coldMs)} ms)`,
      floor: `with 10 past events: ${history.shortMs.toFixed(2)} ms`,
      ratio: history.ratio,
      aim: '≤ 1.5',
    });

    const floors = [];
    const rebuilds = [];
    for (let round = 0; round < 3; round++) {
      floors.push(await rawReplay(pool));
      const started = performance.now();
      await rebuildReadModel(deps, 'bookings', new AbortController().signal);
      rebuilds.push(floors.at(-1)!.events / ((performance.now() - started) / 1000));
    }
    const [replay, floor] = [median(rebuilds), median(floors.map(({ perSecond }) => perSecond))];
    note({
      what: 'replay into the bookings read model',
      value: `${Math.round(replay)} events/s`,
      floor: `raw keyset read of the log: ${Math.round(floor)} events/s`,
      ratio: replay / floor,
      aim: '≥ 0.3',
    });
    await pool.end();
    note({
      what: 'resident memory of the process after all this',
      value: `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`,
    });
  } finally {
    await app.close();
  }
  for (const one of measureSlots()) {
    note({
      what: `slots ${one.workload}: ${one.what}`,
      value: `${one.engineWithTextsMs.toFixed(3)} ms`,
      floor: `typed-array sweep from objects to texts: ${one.floorBMs.toFixed(3)} ms`,
      ratio: one.engineToFloorB,
      aim: '≤ 3',
    });
  }
  const results = join(import.meta.dirname, 'results');
  await mkdir(results, { recursive: true });
  const machine = `Node ${process.version}, ${cpus().length} cores (${arch()}), ${new Date().toISOString().slice(0, 10)}.`;
  await writeFile(
    join(results, 'latest.md'),
    `# Last run of the benchmark\n\n${machine} Ratios count; absolute figures are this machine's.\n\n${render(figures)}\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
