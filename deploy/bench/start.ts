import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess } from '../all-in-one/process.fixture.ts';
import type { Figure } from './report.ts';

/** From the start of the process to its first answer: the first start, which makes the database, and a warm one. */
export async function measureStart(dataDir: string): Promise<Figure> {
  const [first, , warm] = [await once(dataDir), await once(dataDir), await once(dataDir)];
  return {
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

/** Of the process itself; the database's is its own. Linux tells it. */
async function residentMib(pid: number): Promise<number> {
  const status = await readFile(join('/proc', String(pid), 'status'), 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}
