import { commandService, type Executor, type Timing } from '@agentcal/command-service/service';
import { createServer } from '@agentcal/shared/http/server';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Deps } from '@agentcal/shared/process/deps';
import type { Vault } from '@agentcal/shared/vault/port';
import pino from 'pino';

/** What is behind a door at the moment: what dies with a process. */
export interface Inside {
  readonly executor: Executor;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly timing: Timing;
}

/**
 * The HTTP edge and the routes of one command process. They hold no state of their own, and making them takes a
 * hundred times as long as a run: so they are made once, and each process that starts moves in behind them.
 */
export interface Door {
  readonly app: Awaited<ReturnType<typeof createServer>>;
  /** What was logged as an error since it was last asked. */
  takeErrors(): string[];
  moveIn(inside: Inside): void;
}

export async function createDoor(): Promise<Door> {
  let inside: Inside | undefined;
  const executor: Executor = {
    execute: (...args) => inside!.executor.execute(...args),
    load: (...args) => inside!.executor.load(...args),
    close: () => {},
  };
  const vault: Vault = {
    seal: (...args) => inside!.vault.seal(...args),
    open: (...args) => inside!.vault.open(...args),
    erase: (...args) => inside!.vault.erase(...args),
    putSecret: (...args) => inside!.vault.putSecret(...args),
    // The key of slot ids is asked for while the door is made.
    keepSecret: async (name, secret) => (inside ? inside.vault.keepSecret(name, secret) : slotKey),
    getSecret: (...args) => inside!.vault.getSecret(...args),
    deleteSecret: (...args) => inside!.vault.deleteSecret(...args),
    close: async () => {},
  };
  const timing: Timing = {
    sleep: (ms) => inside!.timing.sleep(ms),
    random: () => inside!.timing.random(),
  };
  const clock: Clock = { now: () => inside!.clock.now() };
  const errors: string[] = [];
  const app = await createServer({
    log: pino({ level: 'error' }, { write: (line: string) => errors.push(line) }),
    rateLimits: { perKey: Number.MAX_SAFE_INTEGER, failuresPerAddress: Number.MAX_SAFE_INTEGER },
  });
  const deps = {
    vault,
    clock,
    config: { allowLocalWebhooks: true, publicUrl: 'http://agentcal.test' },
  } as unknown as Deps;
  await app.register(commandService(deps, { executor, timing }));
  await app.ready();
  return {
    app,
    takeErrors: () => errors.splice(0),
    moveIn: (next) => {
      inside = next;
    },
  };
}

const slotKey = Buffer.alloc(32, 7).toString('base64');
