import { AsyncLocalStorage } from 'node:async_hooks';
import { commandService, type Executor, type Timing } from '@agentcal/command-service/service';
import { createServer } from '@agentcal/shared/http/server';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Deps } from '@agentcal/shared/process/deps';
import type { Vault } from '@agentcal/shared/vault/port';
import pino from 'pino';

/** What is behind the door for one request: what dies with a process. */
export interface Inside {
  readonly executor: Executor;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly timing: Timing;
}

/**
 * The HTTP edge and the routes of all command processes. They hold no state of their own, and making them takes a
 * hundred times as long as a run: so they are made once, and each request says which process it is in.
 */
export interface Door {
  /** @param moving where a request is while it goes on without waiting for anything that is simulated */
  inject(inside: Inside, moving: Set<object>, request: Injected): Promise<{ status: number; body: object }>;
  /** What was logged as an error since it was last asked. */
  takeErrors(): string[];
}

export interface Injected {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload?: object;
}

interface Visit {
  readonly inside: Inside;
  readonly moving: Set<object>;
}

export async function createDoor(): Promise<Door> {
  const visits = new AsyncLocalStorage<Visit>();
  const here = () => visits.getStore()!.inside;
  const executor: Executor = {
    execute: (...args) => here().executor.execute(...args),
    load: (...args) => here().executor.load(...args),
    close: () => {},
  };
  const vault: Vault = {
    seal: (...args) => here().vault.seal(...args),
    sealAhead: (...args) => here().vault.sealAhead(...args),
    open: (...args) => here().vault.open(...args),
    erase: (...args) => here().vault.erase(...args),
    putSecret: (...args) => here().vault.putSecret(...args),
    // The keys of slot ids and links are asked for while the door is made.
    keepSecret: async (name, secret) => (visits.getStore() ? here().vault.keepSecret(name, secret) : sharedKey),
    getSecret: (...args) => here().vault.getSecret(...args),
    deleteSecret: (...args) => here().vault.deleteSecret(...args),
    close: async () => {},
  };
  const timing: Timing = {
    sleep: (ms) => here().timing.sleep(ms),
    random: () => here().timing.random(),
  };
  const clock: Clock = { now: () => here().clock.now() };
  const errors: string[] = [];
  const app = await createServer({
    log: pino({ level: 'error' }, { write: (line: string) => errors.push(line) }),
    rateLimits: { perKey: Number.MAX_SAFE_INTEGER, failuresPerAddress: Number.MAX_SAFE_INTEGER },
  });
  followRequests(app, visits);
  const deps = {
    vault,
    clock,
    config: { allowLocalWebhooks: true, publicUrl: 'http://agentcal.test' },
  } as unknown as Deps;
  await app.register(commandService(deps, { executor, timing }));
  await app.ready();
  return {
    inject: async (inside, moving, request) => {
      const visit = { inside, moving };
      moving.add(visit);
      // What it answers begins only when it is awaited.
      const answer = await visits.run(visit, async () => await app.inject(request));
      moving.delete(visit);
      return { status: answer.statusCode, body: answer.json() };
    },
    takeErrors: () => errors.splice(0),
  };
}

/** Between its arrival and its answer a request waits for what is simulated, but while its body is read. */
function followRequests(app: Awaited<ReturnType<typeof createServer>>, visits: AsyncLocalStorage<Visit>): void {
  const goesOn = async () => {
    const visit = visits.getStore()!;
    visit.moving.add(visit);
  };
  const waits = async () => {
    const visit = visits.getStore()!;
    visit.moving.delete(visit);
  };
  app.addHook('onRequest', waits);
  app.addHook('preParsing', goesOn);
  app.addHook('preValidation', waits);
  app.addHook('onSend', goesOn);
}

const sharedKey = Buffer.alloc(32, 7).toString('base64');
