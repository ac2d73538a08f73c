import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seedOrganization } from '@agentcal/command-service/service';
import { createLocalBus } from '@agentcal/shared/bus/local';
import { type Double, startDouble } from '@agentcal/shared/event-store/eventstoredb/double/start';
import { createEventStoreDb } from '@agentcal/shared/event-store/eventstoredb/store';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { createPostgresEventStore } from '@agentcal/shared/event-store/postgres/store';
import { newKey } from '@agentcal/shared/http/keys';
import { newId } from '@agentcal/shared/kernel/ids';
import { systemClock } from '@agentcal/shared/kernel/time';
import { startEmbeddedPostgres } from '@agentcal/shared/postgres/embedded/server';
import { createPool } from '@agentcal/shared/postgres/pool';
import { type NatsServer, startNatsServer, whyNoNats } from '@agentcal/shared/testing/nats-server';
import type { Test } from 'tap';
import { type ServiceName, type ServiceProcess, startService } from '../service.fixture.ts';

/** A service that is started again, elsewhere, whenever it was killed. */
export interface Slot {
  readonly name: ServiceName;
  /** Where it listens, or listened last. */
  url: string;
  /** As far as anybody knows: one that is stopped is up. */
  isUp: boolean;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** SIGKILL, and another start. */
  restart(): Promise<void>;
}

export interface Cluster {
  readonly commands: readonly Slot[];
  readonly projection: Slot;
  readonly query: Slot;
  readonly databaseUrl: string;
  /** Where the log is not in Postgres. */
  readonly double: Double | undefined;
  readonly nats: NatsServer | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly organizationId: string;
  readonly key: string;
  openLog(): Promise<EventStore & AsyncDisposable>;
}

/** The product as processes of its own, on a Postgres of its own, the log there or behind the EventStoreDB protocol. */
export async function startCluster(t: Test, log: 'postgres' | 'eventstoredb', commands: number): Promise<Cluster> {
  const databaseUrl = await startDatabase(t);
  const double = log === 'eventstoredb' ? await startDouble() : undefined;
  if (double) t.teardown(() => double.close());
  const nats = whyNoNats() ? undefined : await startNatsServer();
  if (nats) t.teardown(() => nats.kill());
  const env = {
    DATABASE_URL: databaseUrl,
    AGENTCAL_VAULT_KEY: randomBytes(32).toString('base64'),
    AGENTCAL_ALLOW_LOCAL_WEBHOOKS: 'true',
    RATE_LIMIT_PER_MINUTE: '1000000',
    DATABASE_POOL_SIZE: '8',
    ...(double && { EVENTSTORE_URL: double.url }),
    ...(nats && { NATS_URL: nats.url }),
  };
  const openLog = () => openLogOf(databaseUrl, double);
  const organizationId = newId('organization');
  const [secretKey, publishableKey] = (['secret', 'publishable'] as const).map((kind) =>
    newKey({ kind, livemode: false, organizationId }),
  ) as [string, string];
  {
    await using store = await openLog();
    const deps = { store, bus: createLocalBus(), clock: systemClock };
    await seedOrganization(deps, { organizationId, secretKey, publishableKey });
  }
  const [projection, query, ...rest] = await Promise.all([
    startSlot(t, 'projection-service', env),
    startSlot(t, 'query-service', env),
    ...Array.from({ length: commands }, () => startSlot(t, 'command-service', env)),
  ]);
  return { commands: rest, projection, query, databaseUrl, double, nats, env, organizationId, key: secretKey, openLog };
}

/** Not the one that other tests share: its processes are going to be killed. What was committed survives that. */
async function startDatabase(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'history-'));
  const settings = { fsync: 'off', full_page_writes: 'off', shared_buffers: '32MB', max_connections: 120 };
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), settings });
  t.teardown(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return server.url;
}

async function openLogOf(databaseUrl: string, double: Double | undefined): Promise<EventStore & AsyncDisposable> {
  if (double) {
    const store = await createEventStoreDb({ url: double.url });
    return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
  }
  const pool = createPool(databaseUrl, { name: 'history test', max: 2 });
  const store = await createPostgresEventStore({ pool });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close().then(() => pool.end()) });
}

/** As whatever supervises it would: where it ends because Postgres is just being killed, it is started again. */
async function startPatiently(t: Test, name: ServiceName, env: Record<string, string>): Promise<ServiceProcess> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await startService(t, name, env);
    } catch (error) {
      if (tried === 10) throw error;
      await pause(200);
    }
  }
}

async function startSlot(t: Test, name: ServiceName, env: Record<string, string>): Promise<Slot> {
  let running: ServiceProcess = await startService(t, name, env);
  /** One that ends by itself fails the test and says why; it is started again, as whatever supervises it would. */
  const supervise = () => {
    const watched = running;
    watched.child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') return; // Ours: a fault, or the end of the test.
      t.fail(`${name} ended by itself (${code ?? signal}): ${watched.said().slice(-2_000)}`);
      void slot.restart();
    });
  };
  const slot: Slot = {
    name,
    url: running.url,
    isUp: true,
    signal: (signal) => void running.child.kill(signal),
    restart: async () => {
      const { child } = running;
      slot.isUp = false;
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      running = await startPatiently(t, name, env);
      slot.url = running.url;
      slot.isUp = true;
      supervise();
    },
  };
  supervise();
  return slot;
}
