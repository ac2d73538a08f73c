import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '@agentcal/shared/process/config';
import { pino } from 'pino';
import { startAllInOne } from '../all-in-one/app.ts';

/** The contract that clients are made from: `npm run openapi` writes it, a test holds it. */
export const openapiFile = fileURLToPath(new URL('../../sdk/openapi.json', import.meta.url));

/** The document as the file has it. */
export function formatDocument(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Asks the whole product, started for this in a folder of its own: so nothing is in the file that is not served. */
async function writeDocument(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'agentcal-openapi-'));
  const config = readConfig({ PORT: '0', AGENTCAL_DATA_DIR: dataDir });
  const product = await startAllInOne(config, { log: pino({ level: 'silent' }) });
  try {
    const answer = await fetch(`${product.url}/v1/openapi.json`);
    await writeFile(openapiFile, formatDocument(await answer.json()));
  } finally {
    await product.close();
    await rm(dataDir, { recursive: true });
  }
}

if (import.meta.main) await writeDocument();
