import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A real NATS server for one test. No npm package carries its binary, so it has to be on the machine. */
export interface NatsServer {
  readonly url: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where the binary is: on the path, or where Debian puts it. */
export function findNatsServer(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, 'nats-server')).find((path) => existsSync(path));
}

/** Why tests that need NATS do not run here, or undefined where they do. AGENTCAL_REQUIRE_NATS=1 allows no reason. */
export function whyNoNats(): string | undefined {
  if (findNatsServer()) return undefined;
  if (process.env.AGENTCAL_REQUIRE_NATS === '1') throw new Error('nats-server is required and is not on this machine');
  return 'nats-server is not on this machine (apt-get install nats-server)';
}

/** `args` are the server's own, as `--user`. */
export async function startNatsServer(args: readonly string[] = []): Promise<NatsServer> {
  let running = await launch(-1, args); // A port of the server's own choice.
  const { port } = running;
  return {
    url: `nats://127.0.0.1:${port}`,
    kill: () => end(running.child, 'SIGKILL'),
    stop: () => end(running.child, 'SIGTERM'),
    async restart() {
      running = await launch(port, args);
    },
  };
}

async function launch(port: number, args: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(findNatsServer()!, ['-a', '127.0.0.1', '-p', `${port}`, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const ready = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`nats-server ended: ${said}`)));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const listening = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(said);
      if (listening && said.includes('Server is ready')) resolve(Number(listening[1]));
    });
  });
  return { child, port: await ready };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
