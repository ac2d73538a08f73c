import { join } from 'node:path';
import { startEmbeddedPostgres } from '@agentcal/shared/postgres/embedded/server';
import { createPool } from '@agentcal/shared/postgres/pool';
import { readConfig, requireEngines } from '@agentcal/shared/process/config';
import type { Deps } from '@agentcal/shared/process/deps';
import { openStores } from '@agentcal/shared/process/stores';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { openDataFolder, vaultKeyIn } from '../all-in-one/data-folder.ts';
import { testKeysIn } from '../all-in-one/test-keys.ts';
import { type Product, startAllInOne, startBookers, startCommandService } from './products.ts';
import type { Figure } from './report.ts';
import { makeWorld, type World } from './world.ts';

/** Measures something and tells its figures one by one. What fails throws: a figure of half an attempt means nothing. */
export type Part = (bench: Bench) => AsyncIterable<Figure>;

/**
 * What parts measure on: one Postgres, and the product as processes of its own beside the one that asks and measures.
 * Everything is made when it is first asked for, and one program of the product runs at a time.
 */
export interface Bench extends AsyncDisposable {
  readonly folder: string;
  /** Connections of the floors: the product has others. */
  pool(): Promise<Pool>;
  environment(): Promise<Environment>;
  /** The product's stores in this process: to write a past, and to build a read model. */
  deps(): Promise<Deps>;
  world(): Promise<World>;
  /** `npm start`'s program, on this Postgres. */
  allInOne(): Promise<Product>;
  /** The write side alone, with its HTTP edge. */
  commandService(): Promise<Product>;
  /** The write side without its HTTP edge. */
  bookers(): Promise<Awaited<ReturnType<typeof startBookers>>>;
  /** Ends whatever of the product runs. */
  quiet(): Promise<void>;
}

export interface Environment {
  readonly DATABASE_URL: string;
  readonly AGENTCAL_DATA_DIR: string;
  readonly AGENTCAL_VAULT_KEY: string;
  readonly secretKey: string;
}

export function openBench(folder: string): Bench {
  const resources = new AsyncDisposableStack();
  let environment: Promise<Environment> | undefined;
  let pool: Promise<Pool> | undefined;
  let deps: Promise<Deps> | undefined;
  let world: Promise<World> | undefined;
  let running: { readonly name: string; readonly product: Promise<{ end(): Promise<void> }> } | undefined;

  async function run<P extends { end(): Promise<void> }>(name: string, start: (env: Environment) => Promise<P>) {
    if (running?.name === name) return running.product as Promise<P>;
    await endRunning();
    const product = start(await bench.environment());
    running = { name, product };
    return product;
  }

  async function endRunning(): Promise<void> {
    const ended = running;
    running = undefined;
    // One that did not start has said so to whoever asked for it.
    await ended?.product.then(
      (product) => product.end(),
      () => {},
    );
  }

  const bench: Bench = {
    folder,
    environment: () => (environment ??= openEnvironment(folder, resources)),
    pool: () => (pool ??= bench.environment().then(({ DATABASE_URL }) => openPool(DATABASE_URL, resources))),
    deps: () => (deps ??= bench.environment().then((env) => openDeps(env, resources))),
    world: () => (world ??= bench.allInOne().then(({ url, key }) => makeWorld(url, key))),
    allInOne: () => run('all-in-one', startAllInOne),
    commandService: () => bench.world().then(() => run('command-service', startCommandService)),
    bookers: () => bench.world().then(() => run('bookers', startBookers)),
    quiet: endRunning,
    async [Symbol.asyncDispose]() {
      await endRunning();
      await resources.disposeAsync();
    },
  };
  return bench;
}

async function openEnvironment(folder: string, resources: AsyncDisposableStack): Promise<Environment> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  resources.defer(() => postgres.stop());
  const dataDir = await openDataFolder(join(folder, 'data'));
  return {
    DATABASE_URL: postgres.url,
    AGENTCAL_DATA_DIR: dataDir,
    AGENTCAL_VAULT_KEY: (await vaultKeyIn(dataDir)).toString('base64'),
    secretKey: (await testKeysIn(dataDir)).secretKey,
  };
}

function openPool(url: string, resources: AsyncDisposableStack): Pool {
  const pool = createPool(url, { max: 16, name: 'bench' });
  resources.defer(() => pool.end());
  return pool;
}

function openDeps({ secretKey: _, ...env }: Environment, resources: AsyncDisposableStack): Promise<Deps> {
  return openStores({ config: requireEngines(readConfig(env)), log: pino({ level: 'error' }), resources });
}
