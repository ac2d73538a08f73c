import { join } from 'node:path';
import { rebuildable, rebuildReadModel } from '@agentcal/projection-service/rebuild';
import { StartRefused } from '@agentcal/shared/kernel/start-refused';
import { connectionUrlOf } from '@agentcal/shared/postgres/embedded/connection';
import { type Config, readConfig } from '@agentcal/shared/process/config';
import { sentence } from '@agentcal/shared/process/lifecycle';
import { createLogger } from '@agentcal/shared/process/logger';
import { openStores } from '@agentcal/shared/process/stores';
import { vaultKeyIn } from './data-folder.ts';

/** `npm run rebuild -- bookings`: builds read models anew and swaps them in, on a running product. Without a name: all. */
const names = process.argv.length > 2 ? process.argv.slice(2) : rebuildable;

try {
  await using resources = new AsyncDisposableStack();
  const unknown = names.find((name) => !rebuildable.includes(name));
  if (unknown) throw new StartRefused(`There is no read model ${unknown}. Name one of: ${rebuildable.join(', ')}.`);
  const config = await enginesOf(readConfig(process.env));
  const log = createLogger({ level: config.logLevel ?? 'warn', service: 'rebuild' });
  const deps = await openStores({ config, log, resources });
  for (const name of names) {
    const started = performance.now();
    const position = await rebuildReadModel(deps, name, new AbortController().signal);
    console.log(`${name}: built up to ${position} in ${Math.round(performance.now() - started)} ms`);
  }
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}

/** Those that are configured, or those that a running all-in-one has embedded. */
async function enginesOf(config: Config): Promise<Config & { databaseUrl: string; vaultKey: Buffer }> {
  const databaseUrl = config.databaseUrl ?? (await connectionUrlOf(join(config.dataDir, 'postgres')));
  return { ...config, databaseUrl, vaultKey: config.vaultKey ?? (await vaultKeyIn(config.dataDir)) };
}
