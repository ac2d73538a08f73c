import { createLocalBus } from '@agentcal/shared/bus/local';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { hashKey, hintOf, newKey } from '@agentcal/shared/http/keys';
import { type Scope, scopes } from '@agentcal/shared/http/principal';
import { createServer } from '@agentcal/shared/http/server';
import { deriveId, newId } from '@agentcal/shared/kernel/ids';
import type { Deps } from '@agentcal/shared/process/deps';
import { fakeClock } from '@agentcal/shared/testing/clock';
import { createMemoryVault } from '@agentcal/shared/vault/memory';
import type { Vault } from '@agentcal/shared/vault/port';
import type { InjectOptions } from 'fastify';
import pino from 'pino';
import { openExecutor } from './open-executor.ts';
import * as organization from './organization/decider.ts';
import { commandService } from './service.ts';

/** What of tap this needs. */
interface Test {
  teardown(handler: () => Promise<unknown>): unknown;
}

interface Options {
  readonly store?: EventStore;
  readonly vault?: Vault;
  readonly allowLocalWebhooks?: boolean;
}

/** Where links lead. */
export const publicUrl = 'https://book.example.test';

/** A Thursday. */
export const now = Date.parse('2030-05-02T10:00:00Z');

/** The whole service on engines in memory, with an organization to ask it. */
export async function testService(t: Test, options: Options = {}) {
  const { store = createMemoryEventStore(), vault = createMemoryVault(), allowLocalWebhooks = false } = options;
  const clock = fakeClock(now);
  const bus = createLocalBus();
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const app = await createServer({ log, rateLimits: { perKey: 1e6 } });
  t.teardown(() => app.close());
  const deps = { store, bus, vault, clock, log, config: { allowLocalWebhooks, publicUrl } };
  await app.register(commandService(deps as unknown as Deps));

  async function call(method: InjectOptions['method'], url: string, { key, body, headers }: Call) {
    const answer = await app.inject({
      method: method!,
      url,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body !== undefined && { payload: body as object }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }

  return { call, store, vault, clock, lines, register: () => registerOrganization({ store, bus, clock }) };
}

export interface Call {
  readonly key: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An organization with a key of each mode. `issue` makes another one with fewer scopes. */
async function registerOrganization({ store, bus, clock }: Pick<Deps, 'store' | 'bus' | 'clock'>) {
  const organizationId = newId('organization');
  const executor = openExecutor({ store, bus, clock });
  const context = (what: string) => ({
    commandId: `${organizationId} ${what}`,
    fingerprint: what,
    organizationId,
    livemode: false,
    actor: { kind: 'system', id: 'test' } as const,
    correlationId: what,
    at: clock.now(),
  });
  const made = (livemode: boolean, allowed: readonly Scope[] = scopes) => {
    const key = newKey({ kind: 'secret', livemode, organizationId });
    const known = { keyId: deriveId('key', key), name: 'Key', hash: hashKey(key), hint: hintOf(key) };
    return { key, known: { ...known, livemode, scopes: allowed } };
  };
  const [test, live] = [made(false), made(true)];
  const data = { organizationId, name: 'Acme', plan: 'free', key: test.known };
  await executor.execute(organization, organizationId, { type: 'RegisterOrganization', data }, context('register'));
  const issue = async ({ key, known }: ReturnType<typeof made>) => {
    await executor.execute(organization, organizationId, { type: 'IssueSecretKey', data: known }, context(known.keyId));
    return key;
  };
  return {
    organizationId,
    test: test.key,
    live: await issue(live),
    issue: (...allowed: readonly Scope[]) => issue(made(false, allowed)),
  };
}
