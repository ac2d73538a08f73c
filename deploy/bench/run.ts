import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAvailability } from './availability.ts';
import { openBench, type Part } from './bench.ts';
import { measureBookings } from './bookings.ts';
import { measureCollective } from './collective.ts';
import { measureHistory } from './history.ts';
import { measureHold } from './hold.ts';
import { measureReplay } from './replay.ts';
import { type Figure, render } from './report.ts';
import { slotFigures } from './slots.ts';
import { measureStart } from './start.ts';

/**
 * `npm run bench`: what the product does, as ratios to what the same machine does without it, in one run.
 * `npm run bench -- --only bookings,replay` measures parts of it. Only a whole run is kept, in results/latest.md.
 */
const parts: Readonly<Record<string, Part>> = {
  start: measureStart,
  availability: measureAvailability,
  bookings: measureBookings,
  hold: measureHold,
  collective: measureCollective,
  history: measureHistory,
  replay: measureReplay,
  slots: slotFigures,
};

const names = Object.keys(parts);
const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',');
const wanted = process.argv.includes('--only') ? only! : names;
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}. There are: ${names.join(', ')}.`);
  process.exit(1);
}

const folder = await mkdtemp(join(tmpdir(), 'agentcal-bench-'));
const figures: Figure[] = [];
try {
  await using bench = openBench(folder);
  for (const name of wanted) {
    for await (const figure of parts[name]!(bench)) {
      figures.push(figure);
      console.log(render([figure]));
    }
  }
  // What somebody sees who looks for the last run must be all of it.
  if (wanted === names) await keep(figures);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

async function keep(figures: readonly Figure[]): Promise<void> {
  const results = join(import.meta.dirname, 'results');
  await mkdir(results, { recursive: true });
  const machine = `Node ${process.version}, ${cpus().length} cores (${arch()}), ${new Date().toISOString().slice(0, 10)}.`;
  await writeFile(
    join(results, 'latest.md'),
    `# Last run of the benchmark\n\n${machine} Ratios count; absolute figures are this machine's.\n\n${render(figures)}\n`,
  );
}
