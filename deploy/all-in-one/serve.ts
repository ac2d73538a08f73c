import { commandService, seedOrganization } from '@agentcal/command-service/service';
import { projectionService } from '@agentcal/projection-service/service';
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

/** Stores, domain, server, in that order; the four services side by side in one server. */
export async function serve(
  config: Engines,
  { testKeys, resources, log = logTo(config) }: ServeOptions,
): Promise<{ url: string; deps: Deps }> {
  const deps = await openStores({ config, log, resources });
  await seedOrganization(deps, testKeys);
  const app = await createServer({ ...serverOptions(config), log, checks: healthChecks(deps), closeTimeoutMs: 1_500 });
  resources.defer(() => app.close());
  for (const service of [commandService, projectionService, queryService, syncService])
    await app.register(service(deps));
  return { url: await listen(app, config), deps };
}

/** Lines for people go to stdout, so those for machines go to stderr. */
function logTo({ logLevel = 'warn' }: Config): Logger {
  return createLogger({ level: logLevel, service: 'all-in-one', destination: pino.destination(2) });
}
