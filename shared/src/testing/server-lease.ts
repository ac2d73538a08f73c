import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Many times what the databases of tests that run at once take. Of all there is, so that each process finds the same. */
const roomBytes = 2 * 1024 ** 3;

const checkout = createHash('sha256')
  .update(import.meta.url)
  .digest('hex')
  .slice(0, 8);

/** Where the keeper of this checkout listens and keeps its server: test files of one run find each other here. */
export const keeperFolder = join(inMemory() ?? tmpdir(), `agentcal-test-${process.getuid?.() ?? 0}-${checkout}`);
export const keeperSocket = join(keeperFolder, 'keeper.sock');

export interface Lease {
  /** Of a superuser of the test server. */
  readonly url: string;
  /** The last to release waits until the server is gone. A process that ends releases without a word. */
  release(): Promise<void>;
}

const startTimeoutMs = 60_000;

/**
 * Leases the test server, which lives as long as some process holds a lease on it: a connection to its keeper,
 * which ends with the process, however that ends. The first to ask starts the keeper (server-keeper.ts).
 */
export async function leaseServer(): Promise<Lease> {
  const deadline = Date.now() + startTimeoutMs;
  const said: string[] = [];
  for (let attempt = 0; Date.now() < deadline; attempt++) {
    const lease = await ask();
    if (lease) return lease;
    // A second keeper that is started meanwhile sees the first, and ends at once.
    if (attempt % 20 === 0) startKeeper((words) => said.push(words));
    await pause(50);
  }
  throw new Error(`no test database server within a minute. ${said.join('')}`);
}

/** Answered with one line, the URL; with nothing where nobody listens. */
function ask(): Promise<Lease | undefined> {
  return new Promise((resolve) => {
    const socket = connect(keeperSocket);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      socket.unref();
      resolve({ url: text.trim(), release: () => release(socket) });
    });
    socket.on('error', () => {}).on('close', () => resolve(undefined));
  });
}

async function release(socket: Socket): Promise<void> {
  socket.ref();
  socket.write('release\n');
  if (!socket.closed) await once(socket, 'close');
}

function startKeeper(onWords: (words: string) => void): void {
  const keeper = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./server-keeper.ts'))], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
    // Without the test runner's loaders: the keeper outlives the file that started it.
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
  });
  const stderr = keeper.stderr as unknown as Socket;
  stderr.setEncoding('utf8').on('data', onWords);
  stderr.unref();
  keeper.unref();
}

/**
 * A file system in memory, where there is one with room. Each test makes and drops a database, which is three hundred files, and
 * ext4 walks past all that were deleted just now to make another one: half of what the server does.
 */
function inMemory(): string | undefined {
  const folder = '/dev/shm';
  try {
    const { blocks, bsize } = statfsSync(folder);
    return blocks * bsize >= roomBytes ? folder : undefined;
  } catch {
    return undefined;
  }
}
