import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../all-in-one/process.fixture.ts';
import type { Environment } from './bench.ts';

/** A program of the product that answers HTTP. */
export interface Product {
  readonly url: string;
  readonly key: string;
  readonly pid: number;
  end(): Promise<void>;
}

const unlimited = { RATE_LIMIT_PER_MINUTE: '100000000', LOG_LEVEL: 'warn' };

/** `npm start`'s program: it uses the bench's Postgres, and everything else is as it is for a new user. */
export async function startAllInOne({ secretKey, ...env }: Environment): Promise<Product> {
  const started = startProcess({ ...env, ...unlimited });
  const url = await started.url;
  return { url, key: secretKey, pid: started.child.pid!, end: () => started.end('SIGTERM').then(() => {}) };
}

const commandServiceMain = file('../../command-service/src/main.ts');

/** The write side as it runs by itself. */
export async function startCommandService({ secretKey, ...env }: Environment): Promise<Product> {
  return startListening(commandServiceMain, { ...env, ...unlimited }, secretKey);
}

const bareRouteMain = file('./bare-route.ts');

/** The floor of a read. Its table has to be there. */
export async function startBareRoute({ secretKey, ...env }: Environment): Promise<Product> {
  return startListening(bareRouteMain, env, secretKey);
}

const bookersMain = file('../../command-service/src/bench/bookings.ts');

/** What the bookers are told, as command-service/src/bench/bookings.ts takes it. */
interface BookingWork {
  readonly key: string;
  readonly accountId: string;
  readonly callers: number;
  readonly bookings: readonly object[];
}

/** What they answer. */
export interface BookingWorkDone {
  readonly perSecond: number;
  readonly processorMicros: number;
  readonly tookMs: readonly number[];
}

/** The write side without its edge, told by messages what to book. */
export async function startBookers({ secretKey, ...env }: Environment) {
  const child = fork(bookersMain, { env: { ...process.env, ...env } });
  const answer = () =>
    new Promise<unknown>((resolve, reject) => {
      const ended = () => reject(new Error('the bookers have ended'));
      child.once('exit', ended).once('message', (message) => {
        child.off('exit', ended);
        resolve(message);
      });
    });
  await answer();
  return {
    async book(work: Omit<BookingWork, 'key'>): Promise<BookingWorkDone> {
      child.send({ ...work, key: secretKey });
      return (await answer()) as BookingWorkDone;
    },
    end: () => end(child),
  };
}

/** Ends a process that listens to signals. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  else child.kill('SIGTERM');
  await ended;
}

async function startListening(main: string, env: Record<string, string>, key: string): Promise<Product> {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child);
  return { url, key, pid: child.pid!, end: () => end(child) };
}

/** Waits until it answers that it is ready. @throws where it ends before that */
async function ready(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${url} ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await pause(20);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Of the process itself; the database's is its own. Linux tells it. */
export async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}

/** Processor time that a process has used so far, in µs. Linux tells it, in hundredths of a second. */
export async function processorMicros(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(utime ?? Number.NaN) + Number(stime ?? Number.NaN)) * 10_000;
}

function file(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
