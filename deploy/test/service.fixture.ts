import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

export type ServiceName = 'command-service' | 'projection-service' | 'query-service' | 'sync-service';

export interface ServiceProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it has said so far. */
  said(): string;
}

/** Runs one service as a process of its own, the way a deployment does, and waits until it listens. */
export async function startService(t: Test, name: ServiceName, env: Record<string, string>): Promise<ServiceProcess> {
  const main = fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk;
      const address = /"address":"([^"]+)"/.exec(said)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('close', (code) => reject(new Error(`${name} ended with ${code}: ${said}`)));
  });
  return { url, child, said: () => said };
}
