import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, worksIn } from './processes.ts';
import { PostgresRefused } from './refused.ts';
import type { Log } from './server.ts';

/**
 * After a kill -9 of its supervisor a Postgres lives on, and after one of everything a `postmaster.pid` stays that
 * names a dead process, a zombie, or by now somebody else's. The first is asked to end; the file of the others is
 * removed. Only for the supervisor of the folder: then a server that is running was left behind.
 */
export async function clearLeftover(dataDir: string, log: Log): Promise<void> {
  const cluster = join(dataDir, 'cluster');
  const pidFile = join(cluster, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (Number.isNaN(pid)) return;
  if (await worksIn(pid, await realpath(cluster))) {
    log.warn('the database of an earlier start is still running: stopping it');
    await end(pid);
  }
  await rm(pidFile, { force: true });
}

/** Fast shutdown first; where that takes too long, an immediate one, from which the log recovers. */
async function end(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal);
    for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
      if (!(await isAlive(pid))) return;
      await pause(20);
    }
  }
  throw new PostgresRefused(
    `A database that was left running (process ${pid}) does not stop. End it with kill -9 ${pid}.`,
  );
}
