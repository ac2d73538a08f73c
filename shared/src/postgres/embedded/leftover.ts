import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PostgresRefused } from './refused.ts';
import type { Log } from './server.ts';

const run = promisify(execFile);

/** Holds the process id of whoever started the server: tells a server in use from one that was left behind. */
export const supervisorFile = (dataDir: string) => join(dataDir, 'supervisor.pid');

/**
 * After a kill -9 of our process its Postgres lives on, and after one of everything a `postmaster.pid` stays that
 * names a dead process, a zombie, or by now somebody else's. The first is asked to end; the file of the
 * others is removed. A server whose supervisor lives is in use, and nothing is touched.
 */
export async function clearLeftover(dataDir: string, log: Log): Promise<void> {
  const cluster = join(dataDir, 'cluster');
  const pidFile = join(cluster, 'postmaster.pid');
  const pid = await numberIn(pidFile);
  if (pid === undefined) return;
  if (await isServerOf(pid, cluster)) {
    const supervisor = await numberIn(supervisorFile(dataDir));
    if (supervisor !== undefined && (await parentOf(pid)) === supervisor) {
      throw new PostgresRefused(
        `The data folder ${dataDir} is in use by process ${supervisor}. ` +
          'Stop that one first, or set AGENTCAL_DATA_DIR to another folder.',
      );
    }
    log.warn('an earlier start was killed and left its database running: stopping it');
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

async function numberIn(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const value = Number.parseInt(text, 10);
  return value > 0 ? value : undefined;
}

async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  if (process.platform === 'linux') {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return cwd !== undefined && cwd === (await realpath(cluster));
  }
  return (await ps(pid, 'command')).includes(cluster);
}

/** A zombie is dead: it only waits for its parent to notice. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const state = process.platform === 'linux' ? (await stat(pid))?.[0] : await ps(pid, 'stat');
  return state !== undefined && state !== '' && !state.startsWith('Z');
}

async function parentOf(pid: number): Promise<number | undefined> {
  const parent = process.platform === 'linux' ? (await stat(pid))?.[1] : await ps(pid, 'ppid');
  return parent === undefined ? undefined : Number(parent);
}

/** State, parent, … of `/proc/<pid>/stat`; the command's name before them may hold anything, even parentheses. */
async function stat(pid: number): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function ps(pid: number, field: string): Promise<string> {
  return run('ps', ['-o', `${field}=`, '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}
