import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createPool } from '../postgres/pool.ts';
import { leaseServer } from './server-lease.ts';

/** What of tap this needs. */
export interface Test {
  teardown(handler: () => Promise<void>): unknown;
}

export interface TestDatabase {
  readonly url: string;
  /** Ended on teardown. */
  readonly pool: pg.Pool;
}

/**
 * A fresh, empty database of its own for one test; dropped when the test ends.
 *
 * The server is shared by every test file of a run (`AGENTCAL_TEST_DATABASE_URL` names another one; it has to
 * be a superuser's). A test that leaves a connection open, its own or one of the pool's, fails: leaked connections
 * are leaked processes, timers and locks.
 */
export async function testDatabase(t: Test): Promise<TestDatabase> {
  const admin = await administrator();
  const name = `test_${randomBytes(8).toString('hex')}`;
  // The files are copied as they are: half the time of writing each of their pages to the log of a server that nobody needs.
  await admin.pool.query(`CREATE DATABASE ${name} TEMPLATE template0 STRATEGY = file_copy`);
  const url = Object.assign(new URL(admin.url), { pathname: `/${name}` }).href;
  const pool = createPool(url, { name: 'test pool' });
  t.teardown(async () => {
    const held = await stillHeld(pool);
    // With a client that is not given back, the pool would never end.
    if (held === 0) await pool.end();
    const left = await leftOpen(admin.pool, name);
    await admin.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
    if (held > 0) throw new Error(`${held} client(s) of the test's pool were not released: ${left}`);
    if (left.length > 0) throw new Error(`connections were left open: ${left}`);
  });
  return { url, pool };
}

/** Clients that are out and stay out. A statement that is just being answered gives its client back in a moment. */
async function stillHeld(pool: pg.Pool): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += 20) {
    const held = pool.totalCount - pool.idleCount;
    if (held === 0 || waitedMs >= 1_000) return held;
    await pause(20);
  }
}

/** A connection that was closed a moment ago takes the server a moment to forget; one that stays was leaked. */
async function leftOpen(admin: pg.Pool, database: string): Promise<string[]> {
  for (let waitedMs = 0; ; waitedMs += 20) {
    const { rows } = await admin.query<{ name: string; state: string; query: string }>(
      `SELECT application_name AS name, state, left(query, 200) AS query FROM pg_stat_activity
       WHERE datname = $1 AND backend_type = 'client backend'`,
      [database],
    );
    if (rows.length === 0 || waitedMs >= 1_000) {
      return rows.map(({ name, state, query }) => `${name || 'unnamed'} (${state}, last said: ${query})`);
    }
    await pause(20);
  }
}

let shared: Promise<{ url: string; pool: pg.Pool }> | undefined;

/** One pool per test file; it keeps no process alive. */
function administrator(): Promise<{ url: string; pool: pg.Pool }> {
  shared ??= (async () => {
    const url = process.env.AGENTCAL_TEST_DATABASE_URL ?? (await leaseServer()).url;
    const pool = new pg.Pool({
      connectionString: url,
      max: 4,
      allowExitOnIdle: true,
      application_name: 'testDatabase',
    });
    pool.on('error', () => {});
    return { url, pool };
  })();
  return shared;
}
