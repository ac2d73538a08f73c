import { readFile } from 'node:fs/promises';
import type pg from 'pg';

/** What `comment on schema log` says once schema.sql has run. Raise both together, and write the step between. */
const installed = 'agentcal log 1';

/** Creates the schema where it is missing. Of processes that start at once, one creates it and the others wait. */
export async function createSchema(pool: pg.Pool): Promise<void> {
  if (await isInstalled(pool)) return;
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(1819240238, 2)');
    if (!(await isInstalled(client))) {
      await client.query(await readFile(new URL('./schema.sql', import.meta.url), 'utf8'));
    }
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true); // Closing the connection is the surest rollback.
    throw error;
  }
}

async function isInstalled(database: pg.Pool | pg.PoolClient): Promise<boolean> {
  const { rows } = await database.query<{ version: string | null }>(
    `select obj_description(oid, 'pg_namespace') as version from pg_namespace where nspname = 'log'`,
  );
  const version = rows[0]?.version;
  if (version === undefined) return false;
  if (version !== installed) throw new Error(`schema log is "${version}", and this program needs "${installed}"`);
  return true;
}
