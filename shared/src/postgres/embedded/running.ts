import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where the embedded Postgres of a data folder listens at this moment, for a second program beside the
 * product that runs it. `undefined` where none runs.
 */
export async function urlOfRunning(dataDir: string): Promise<string | undefined> {
  const read = (...path: string[]) => readFile(join(dataDir, ...path), 'utf8').catch(() => undefined);
  const [password, lines] = await Promise.all([read('password'), read('cluster', 'postmaster.pid')]);
  // The fourth line of the file is the port: https://www.postgresql.org/docs/current/storage-file-layout.html
  const port = Number(lines?.split('\n')[3]);
  return password && port > 0 ? `postgres://agentcal:${password.trim()}@127.0.0.1:${port}/postgres` : undefined;
}
