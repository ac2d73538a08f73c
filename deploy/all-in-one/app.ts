import type { Config } from '@agentcal/shared/process/config';
import type { Deps } from '@agentcal/shared/process/deps';
import { requirePort } from '@agentcal/shared/process/listen';
import type { Logger } from 'pino';
import { openDataFolder, vaultKeyIn } from './data-folder.ts';
import { provideDatabase } from './database.ts';
import { type TestKeys, testKeysIn } from './test-keys.ts';

export interface AllInOne {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly deps: Deps;
  /** Of the organization that the first start makes. */
  readonly testKeys: TestKeys;
  /** Resolves when something it cannot do without has ended. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

export interface AllInOneOptions {
  /** Says a line to whoever started it. */
  readonly say?: (line: string) => void;
  readonly log?: Logger;
}

/**
 * The whole product in one process: the four services in one server on one port, with every engine embedded that the
 * configuration does not name.
 *
 * @throws {StartRefused} with a sentence that says what to do.
 */
export async function startAllInOne(config: Config, { say = () => {}, log }: AllInOneOptions = {}): Promise<AllInOne> {
  await using resources = new AsyncDisposableStack();
  await requirePort(config);
  await openDataFolder(config.dataDir);
  const testKeys = await testKeysIn(config.dataDir);
  const vaultKey = config.vaultKey ?? (await vaultKeyIn(config.dataDir));
  // The database starts in its own process while this one loads the product.
  const [database, { serve }] = await Promise.all([provideDatabase(config, { say, resources }), import('./serve.ts')]);
  // A trial on this machine wants to see webhooks arrive on it; a database of one's own means that it is none.
  const allowLocalWebhooks = config.allowLocalWebhooks ?? config.databaseUrl === undefined;
  const engines = { ...config, databaseUrl: database.url, vaultKey, allowLocalWebhooks };
  const { url, deps } = await serve(engines, { testKeys, resources, log });
  const opened = resources.move();
  return { url, deps, testKeys, failed: database.failed, close: () => opened.disposeAsync() };
}
