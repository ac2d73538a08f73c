import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Seed } from '@agentcal/command-service/service';
import { parseKey } from '@agentcal/shared/http/keys';
import { testDatabase } from '@agentcal/shared/testing/database';
import { findNatsServer, startNatsServer } from '@agentcal/shared/testing/nats-server';
import type { Test } from 'tap';
import { type ServiceName, type ServiceProcess, startService } from '../service.fixture.ts';
import { type Gateway, startGateway } from './nginx.fixture.ts';

export const serviceNames: readonly ServiceName[] = [
  'command-service',
  'query-service',
  'projection-service',
  'sync-service',
];

export interface Split {
  readonly gateway: Gateway;
  readonly services: Readonly<Record<ServiceName, ServiceProcess>>;
  /** Of a test organization. */
  readonly keys: Seed;
  /** What the services were given. */
  readonly env: Readonly<Record<string, string>>;
}

export interface SplitOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly TRUSTED_BALANCER?: string;
}

/**
 * The four services as the composition runs them: processes behind the gateway's nginx, on one Postgres, woken by NATS
 * where that is on this machine.
 */
export async function startSplit(t: Test, { env: more, ...trust }: SplitOptions = {}): Promise<Split> {
  const { url } = await testDatabase(t);
  const env = {
    DATABASE_URL: url,
    AGENTCAL_VAULT_KEY: randomBytes(32).toString('base64'),
    AGENTCAL_ALLOW_LOCAL_WEBHOOKS: 'true',
    TRUST_PROXY: 'true',
    ...(await natsFor(t)),
    ...more,
  };
  // Before the services, as a migration of theirs that waits for another's is nothing that this is about.
  const keys = await firstOrganization(env);
  const started = await Promise.all(serviceNames.map((name) => startService(t, name, env)));
  const services = Object.fromEntries(serviceNames.map((name, i) => [name, started[i]])) as Split['services'];
  const placeOf = (name: ServiceName) => new URL(services[name].url).host;
  const places = { COMMAND_SERVICE: placeOf('command-service'), QUERY_SERVICE: placeOf('query-service') };
  return { gateway: await startGateway(t, { ...places, ...trust }), services, keys, env };
}

async function natsFor(t: Test): Promise<Record<string, string>> {
  if (!findNatsServer()) return {};
  const nats = await startNatsServer();
  t.teardown(() => nats.stop());
  return { NATS_URL: nats.url };
}

/** The services make no organization: whoever runs them does, once. */
async function firstOrganization(env: Readonly<Record<string, string>>): Promise<Seed> {
  const program = fileURLToPath(new URL('../../images/first-organization.ts', import.meta.url));
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [program], { env: { PATH, NODE_COMPILE_CACHE, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  const [secretKey, publishableKey] = [/^sk_test_\w+$/m, /^pk_test_\w+$/m].map((key) => key.exec(said)?.[0]);
  const organizationId = secretKey && parseKey(secretKey)?.organizationId;
  if (code === 0 && organizationId && publishableKey) return { organizationId, secretKey, publishableKey };
  throw new Error(`first-organization ended with ${code}: ${said}`);
}
