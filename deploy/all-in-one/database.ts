import { join } from 'node:path';
import { StartRefused } from '@agentcal/shared/kernel/start-refused';
import { startEmbeddedPostgres } from '@agentcal/shared/postgres/embedded/server';
import type { Config } from '@agentcal/shared/process/config';

export interface Database {
  readonly url: string;
  readonly failed: Promise<Error>;
}

export interface DatabaseOptions {
  readonly say: (line: string) => void;
  readonly resources: AsyncDisposableStack;
}

/** The Postgres of `DATABASE_URL`, or one of our own in the data folder. */
export async function provideDatabase(
  { databaseUrl, dataDir }: Config,
  { say, resources }: DatabaseOptions,
): Promise<Database> {
  if (databaseUrl !== undefined) {
    say(`Database: ${new URL(databaseUrl).host}, as DATABASE_URL says.`);
    return { url: databaseUrl, failed: new Promise(() => {}) };
  }
  const folder = join(dataDir, 'postgres');
  say(`Database: embedded Postgres in ${folder}.`);
  const postgres = await startEmbeddedPostgres({
    dataDir: folder,
    log: { debug: () => {}, info: (message) => say(`  ${message}`), warn: (message) => say(`  ${message}`) },
  });
  resources.defer(() => postgres.stop());
  const failed = postgres.failed.then(
    ({ message }) => new StartRefused(`${message}. Nothing that was acknowledged is lost: start again.`),
  );
  return { url: postgres.url, failed };
}
