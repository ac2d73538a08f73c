import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@agentcal/shared/process/config';
import { testDatabase } from '@agentcal/shared/testing/database';
import { pino } from 'pino';
import type { Test } from 'tap';
import { startAllInOne } from '../all-in-one/app.ts';

/** The whole product in this process, on a database of its own. `lines` are the errors that it logs. */
export async function startProduct(t: Test) {
  const { url } = await testDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'agentcal-product-'));
  t.teardown(() => rm(dataDir, { recursive: true }));
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: url,
    AGENTCAL_DATA_DIR: dataDir,
    TRUST_PROXY: 'true',
    RATE_LIMIT_PER_MINUTE: '1000000',
  });
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const product = await startAllInOne(config, { log });
  t.teardown(() => product.close());
  return { product, lines };
}
