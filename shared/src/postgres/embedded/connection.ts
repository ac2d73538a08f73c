import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresRefused } from './refused.ts';

/** Of the superuser of an embedded server. Its maintenance database is the one everything is in. */
export function connectionUrl(password: string, port: number): string {
  return `postgres://agentcal:${password}@127.0.0.1:${port}/postgres`;
}

/** The URL of the server that runs on this folder now, for tools beside the process that started it. @throws {PostgresRefused} */
export async function connectionUrlOf(dataDir: string): Promise<string> {
  const lines = await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
  const port = Number(lines.split('\n')[3]);
  if (!port) throw new PostgresRefused(`No database is running in ${dataDir}. Start it first.`);
  return connectionUrl((await readFile(join(dataDir, 'password'), 'utf8')).trim(), port);
}
