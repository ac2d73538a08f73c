import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(import.meta.resolve('./main.ts'));

export interface Started {
  readonly child: ChildProcess;
  /** Everything it has said so far. */
  said(): string;
  /** Where it listens. Rejects with what it said where it ends before that. */
  readonly url: Promise<string>;
  /** Its exit code and how long it took from now. For teardowns too: one that has ended stays as it is. */
  end(signal?: NodeJS.Signals): Promise<{ code: number | null; tookMs: number }>;
}

/** Runs `npm start`'s program as a process of its own, with a clean environment and the given variables. */
export function startProcess(env: Record<string, string>, identity: { uid?: number; gid?: number } = {}): Started {
  const child = spawn(process.execPath, [main], {
    ...identity,
    cwd: '/',
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  const listen = (chunk: Buffer) => {
    said += chunk;
    const ready = /AgentCal is ready: (\S+)/.exec(said)?.[1];
    if (ready) resolve(ready);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = once(child, 'close');
  ended.then(([code]) => reject(new Error(`ended with ${code}: ${said}`)));
  url.catch(() => {});
  return {
    child,
    said: () => said,
    url,
    async end(signal) {
      const startedAt = Date.now();
      if (signal) child.kill(signal);
      const [code] = await ended;
      return { code, tookMs: Date.now() - startedAt };
    },
  };
}
