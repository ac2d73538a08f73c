import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import type { Folder } from './folder.ts';
import { cleanEnvironment, type Identity } from './identity.ts';
import { PostgresRefused } from './refused.ts';
import type { Log } from './server.ts';

export interface PostgresProcess {
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

export interface SpawnOptions {
  readonly binaries: Binaries;
  readonly folder: Folder;
  readonly identity: Identity;
  readonly log: Log;
  readonly settings: Readonly<Record<string, string | number>>;
}

const defaults = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  log_checkpoints: 'off',
  log_line_prefix: '',
};

const startTimeoutMs = 60_000;
/** The last checkpoint flushes every file. Where that takes longer, the next start replays the log instead. */
const checkpointMs = 2_500;
const quitMs = 500;

/** Runs `postgres` and resolves when it takes connections. */
export async function spawnPostgres(options: SpawnOptions): Promise<PostgresProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await spawnOnce(options);
    } catch (error) {
      if (attempt === 50 || !(error instanceof PostgresRefused && error.stillEnding)) throw error;
      await pause(200);
    }
  }
}

async function spawnOnce({ binaries, folder, identity, log, settings }: SpawnOptions): Promise<PostgresProcess> {
  const all = Object.entries({ ...defaults, ...settings });
  const child = spawn(
    join(binaries.folder, 'postgres'),
    ['-D', `${folder.path}/cluster`, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...identity,
      cwd: '/',
      env: cleanEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', ...folder.stdio],
      // A group of its own: Ctrl-C in a terminal reaches us alone, and we stop the server last.
      detached: true,
    },
  );
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', resolve).once('error', () => resolve(null)),
  );
  // However this process ends, short of a kill -9, the server ends with it.
  const endWithUs = () => child.kill('SIGINT');
  process.on('exit', endWithUs);
  exited.then(() => process.off('exit', endWithUs));
  await ready(child, exited, log);

  let stopping = false;
  return {
    failed: exited.then((code) =>
      stopping ? new Promise(() => {}) : new Error(`Postgres ended unexpectedly (${code})`),
    ),
    stop: async () => {
      stopping = true;
      child.kill('SIGINT');
      if (await within(checkpointMs, exited)) return;
      child.kill('SIGQUIT');
      // One that waits for the disk cannot even be killed: it ends by itself, and the next start waits for it.
      if (!(await within(quitMs, exited))) child.unref();
    },
  };
}

/** Whether it settles in that time. */
async function within(timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  const settled = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return settled;
}

/** Waits for the server's own word that it is ready. What it says later goes to the log. */
async function ready(child: ChildProcess, exited: Promise<number | null>, log: Log): Promise<void> {
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr! });
  const isReady = new Promise<'ready'>((resolve) => {
    lines.on('line', (line) => {
      log.debug(`postgres: ${line}`);
      if (said.length < 50) said.push(line);
      if (line.includes('database system is ready to accept connections')) resolve('ready');
    });
  });
  const timeout = pause(startTimeoutMs, 'late' as const, { ref: false });
  const outcome = await Promise.race([isReady, exited, timeout]);
  if (outcome === 'ready') return;
  child.kill('SIGQUIT');
  await exited;
  throw refusalFrom(said.filter((line) => /FATAL|ERROR|HINT|LOG: {2}could not/.test(line)).join(' '));
}

function refusalFrom(words: string): PostgresRefused {
  return new PostgresRefused(`The database does not start: ${words || 'it did not say why'}`, {
    portTaken: /could not (bind|create any TCP\/IP sockets)|Address already in use/.test(words),
    stillEnding: /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(words),
  });
}
