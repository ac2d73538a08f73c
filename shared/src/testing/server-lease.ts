import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Where the keeper of this checkout listens and keeps its server: test files of one run find each other here. */
export const keeperFolder = join(
  tmpdir(),
  `agentcal-test-${process.getuid?.() ?? 0}-${createHash('sha256')
    .update(import.meta.url)
    .digest('hex')
    .slice(0, 8)}`,
);
export const keeperSocket = join(keeperFolder, 'keeper.sock');

let lease: Promise<string> | undefined;

/**
 * The URL of the test server, which lives as long as a process holds a lease on it: a connection to its keeper
 * that ends with this process, however it ends. The first to ask starts the keeper (server-keeper.ts).
 */
export function leaseServer(): Promise<string> {
  lease ??= askUntilAnswered();
  return lease;
}

async function askUntilAnswered(): Promise<string> {
  const deadline = Date.now() + 60_000;
  let said = '';
  for (let attempt = 0; Date.now() < deadline; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    // A second keeper that is started meanwhile finds the socket taken and ends at once.
    if (attempt % 50 === 0) startKeeper((words) => (said += words));
    await pause(50);
  }
  throw new Error(`no test database server within a minute. ${said}`);
}

/** One line with the URL; no answer where nobody listens. The connection stays, but keeps no process alive. */
function ask(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(keeperSocket);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      socket.unref();
      resolve(text.trim());
    });
    socket.on('error', () => {}).on('close', () => resolve(undefined));
  });
}

function startKeeper(onWords: (words: string) => void): void {
  const keeper = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./server-keeper.ts'))], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
    // tap's loaders are for tests; the keeper outlives the file that started it.
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
  });
  keeper.stderr.setEncoding('utf8').on('data', onWords);
  (keeper.stderr as unknown as { unref(): void }).unref();
  keeper.unref();
}
