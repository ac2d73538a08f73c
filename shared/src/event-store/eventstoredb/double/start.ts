import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Faults } from './faults.ts';

/** A running protocol double, and what can happen to it. */
export interface Double {
  /** Of a single node. The same for as long as the double is open, whatever happens to it. */
  readonly url: string;
  /** The same node behind discovery, as a cluster is reached. */
  readonly clusterUrl: string;
  readonly port: number;
  /** SIGKILL. What was acknowledged is in its file. */
  kill(): Promise<void>;
  /** SIGSTOP: it neither answers nor hangs up. */
  stop(): void;
  /** SIGCONT. */
  cont(): void;
  /** Kills it if it runs and starts it again, on the same port and the same file. */
  restart(): Promise<void>;
  /** From now on it has these faults and no others. */
  misbehave(faults: Faults): Promise<void>;
  /** Resolves once the process is gone, for whatever reason. */
  ended(): Promise<void>;
  /** Ends it and removes its file. */
  close(): Promise<void>;
}

/** Starts a protocol double of EventStoreDB (see README.md for what it is not) on an ephemeral port. */
export async function startDouble(): Promise<Double> {
  const directory = await mkdtemp(join(tmpdir(), 'eventstoredb-double-'));
  const file = join(directory, 'log.jsonl');
  let { child, port } = await launch(file, 0);
  const killChild = () => void child.kill('SIGKILL');
  process.on('exit', killChild);

  async function kill(): Promise<void> {
    killChild();
    await gone(child);
  }

  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    clusterUrl: `esdb+discover://127.0.0.1:${port}?tls=false&maxDiscoverAttempts=2&discoveryInterval=50`,
    port,
    kill,
    stop: () => void child.kill('SIGSTOP'),
    cont: () => void child.kill('SIGCONT'),
    async restart() {
      await kill();
      ({ child, port } = await launch(file, port));
    },
    async misbehave(faults) {
      child.send(faults);
      await once(child, 'message');
    },
    ended: () => gone(child),
    async close() {
      await kill();
      process.off('exit', killChild);
      await rm(directory, { recursive: true });
    },
  };
}

async function launch(file: string, wantedPort: number): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'main.ts'), [file, String(wantedPort)], { execArgv: [] });
  const [message] = await Promise.race([
    once(child, 'message') as Promise<[{ port: number }]>,
    once(child, 'exit').then(([code]): never => {
      throw new Error(`the protocol double ended with ${code} before it listened`);
    }),
  ]);
  return { child, port: message.port };
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
