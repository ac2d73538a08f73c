import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Bus } from '../bus/port.ts';
import { openEventStore } from '../event-store/open.ts';
import type { Checks } from '../http/health.ts';
import { StartRefused } from '../kernel/start-refused.ts';
import { systemClock } from '../kernel/time.ts';
import { createPool, warnOfLost } from '../postgres/pool.ts';
import { createPostgresVault } from '../vault/postgres.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';

export interface StoresOptions {
  readonly config: Config & { databaseUrl: string; vaultKey: Buffer };
  readonly log: Logger;
  /** Takes what has to be closed, in the order in which it was opened. */
  readonly resources: AsyncDisposableStack;
}

/**
 * Opens what the configuration names: Postgres, the bus, the log, the vault. Adapters of engines that are not
 * used are not loaded either.
 *
 * @throws {StartRefused} where one of them does not answer.
 */
export async function openStores({ config, log, resources }: StoresOptions): Promise<Deps> {
  const pool = await openPool(config, log, resources);
  const bus = await openBus(config, log, resources);
  const store = await openEventStore({ eventstoreUrl: config.eventStoreUrl, pool, bus, log });
  resources.defer(() => store.close());
  const vault = await createPostgresVault({
    pool,
    masterKey: config.vaultKey,
    masterKeyVersion: config.vaultKeyVersion,
    otherMasterKeys: config.vaultOldKeys,
  });
  resources.defer(() => vault.close());
  return { config, log, clock: systemClock, store, bus, vault, pool };
}

/** What `/health/ready` asks. The bus is not in it: everything also works without, a little later. */
export function healthChecks({ pool, store }: Deps): Checks {
  return { database: () => pool.query('SELECT 1'), event_store: () => store.ping() };
}

async function openPool(
  { databaseUrl, databasePoolSize }: StoresOptions['config'],
  log: Logger,
  resources: AsyncDisposableStack,
): Promise<Pool> {
  const pool = createPool(databaseUrl, { max: databasePoolSize, onLost: warnOfLost(log) });
  resources.defer(() => pool.end());
  await pool.query('SELECT 1').catch((error: NodeJS.ErrnoException) => {
    throw new StartRefused(
      `The Postgres of DATABASE_URL (${new URL(databaseUrl).host}) does not answer: ${error.code ?? error.message}. ` +
        'Start it, or correct DATABASE_URL.',
    );
  });
  return pool;
}

async function openBus({ natsUrl }: Config, log: Logger, resources: AsyncDisposableStack): Promise<Bus> {
  const report = (err: unknown) => log.warn({ err }, 'bus');
  const bus = natsUrl
    ? await import('../bus/nats.ts').then(({ connectNats }) => connectNats({ url: natsUrl, report }))
    : await import('../bus/local.ts').then(({ createLocalBus }) => createLocalBus({ report }));
  resources.defer(() => bus.close());
  return bus;
}
