import { join } from 'node:path';
import { startProcess } from '../all-in-one/process.fixture.ts';
import type { Bench } from './bench.ts';
import { residentMib } from './products.ts';
import type { Figure } from './report.ts';

/** From the start of the process to its first answer: the first start, which makes the database, and a warm one. */
export async function* measureStart({ folder }: Bench): AsyncGenerator<Figure> {
  const dataDir = join(folder, 'start');
  const [first, , warm] = [await once(dataDir), await once(dataDir), await once(dataDir)];
  yield {
    what: 'start to first answer',
    value: `first ${first.ms} ms, warm ${warm.ms} ms, ${warm.mib} MiB resident when warm`,
  };
}

async function once(dataDir: string): Promise<{ ms: number; mib: number }> {
  const started = performance.now();
  const process = startProcess({ AGENTCAL_DATA_DIR: dataDir });
  const url = await process.url;
  await fetch(`${url}/health/ready`);
  const ms = Math.round(performance.now() - started);
  const mib = await residentMib(process.child.pid!);
  await process.end('SIGTERM');
  return { ms, mib };
}
