import { readFile } from 'node:fs/promises';
import type { FastifyPluginAsync } from 'fastify';
import { createServer, type ServerOptions } from '../http/server.ts';
import { type Config, describeConfig, readConfig, requireEngines } from './config.ts';
import type { Deps } from './deps.ts';
import { runProcess } from './lifecycle.ts';
import { listen } from './listen.ts';
import { createLogger } from './logger.ts';
import { healthChecks, openStores } from './stores.ts';

const closeTimeoutMs = 9_000;
/** The contract, which a service serves a part of. */
const documentOfTheWhole = new URL('../../../sdk/openapi.json', import.meta.url);

/** A service as a process of its own: configuration, stores, domain, server, and a graceful end. */
export async function runService(name: string, service: (deps: Deps) => FastifyPluginAsync): Promise<void> {
  await runProcess({
    closeTimeoutMs,
    say: (line) => console.error(line),
    start: async (resources) => {
      const config = requireEngines(readConfig(process.env));
      const log = createLogger({ level: config.logLevel ?? 'info', service: name });
      log.info({ config: describeConfig(process.env) }, 'starting');
      const deps = await openStores({ config, log, resources });
      const whole = JSON.parse(await readFile(documentOfTheWhole, 'utf8'));
      const app = await createServer({ ...serverOptions(config), log, checks: healthChecks(deps), whole });
      resources.defer(() => app.close());
      await app.register(service(deps));
      log.info({ address: await listen(app, config) }, 'listening');
      return {};
    },
  });
}

/** What of the configuration is the HTTP edge's. */
export function serverOptions(config: Config): Omit<ServerOptions, 'log'> {
  return {
    allowedOrigins: config.allowedOrigins,
    trustProxy: config.trustProxy,
    rateLimits: { perKey: config.rateLimitPerKey },
    closeTimeoutMs: 3_000,
  };
}
