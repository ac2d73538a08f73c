import { commandService, seedOrganization } from '@agentcal/command-service/service';
import { openProgress } from '@agentcal/projection-service/progress';
import { projectionService } from '@agentcal/projection-service/service';
import { projectionOf } from '@agentcal/projection-service/tables';
import { queryService } from '@agentcal/query-service/service';
import { createServer } from '@agentcal/shared/http/server';
import type { Config } from '@agentcal/shared/process/config';
import type { Deps } from '@agentcal/shared/process/deps';
import { listen } from '@agentcal/shared/process/listen';
import { createLogger } from '@agentcal/shared/process/logger';
import { serverOptions } from '@agentcal/shared/process/run';
import { healthChecks, openStores } from '@agentcal/shared/process/stores';
import { syncService } from '@agentcal/sync-service/service';
import { type Logger, pino } from 'pino';
import type { TestKeys } from './test-keys.ts';

export interface ServeOptions {
  readonly testKeys: TestKeys;
  readonly resources: AsyncDisposableStack;
  readonly log: Logger | undefined;
}

type Engines = Config & { databaseUrl: string; vaultKey: Buffer };

const readModels = [...new Set(Object.values(projectionOf))];
/** Writes are taken however long the read models are being built, so the start does not wait for them for ever. */
const longestWaitMs = 10_000;

/**
 * Stores, domain, server, in that order; the four services side by side in one server. Resolves when the key of the test
 * organization can be used for reading too.
 */
export async function serve(
  config: Engines,
  { testKeys, resources, log = logTo(config) }: ServeOptions,
): Promise<{ url: string; deps: Deps }> {
  const deps = await openStores({ config, log, resources });
  const seeded = await seedOrganization(deps, testKeys);
  const progress = openProgress(deps);
  resources.defer(async () => progress.close());
  const canBeRead = (timeoutMs: number) => progress.reached(readModels, seeded, timeoutMs);
  const read_models = () => canBeRead(1_000).then((can) => can || Promise.reject(new Error('behind')));
  const checks = { ...healthChecks(deps), read_models };
  const app = await createServer({ ...serverOptions(config), log, checks, closeTimeoutMs: 1_500 });
  resources.defer(() => app.close());
  for (const service of [commandService, projectionService, queryService, syncService])
    await app.register(service(deps));
  const url = await listen(app, config);
  if (!(await canBeRead(longestWaitMs))) log.warn('the read models do not hold the test organization yet');
  return { url, deps };
}

/** Lines for people go to stdout, so those for machines go to stderr. */
function logTo({ logLevel = 'warn' }: Config): Logger {
  return createLogger({ level: logLevel, service: 'all-in-one', destination: pino.destination(2) });
}
