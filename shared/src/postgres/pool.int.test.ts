import { once } from 'node:events';
import t, { type Test } from 'tap';
import { testDatabase } from '../testing/database.ts';
import { createPool } from './pool.ts';

t.test('a connection that breaks in a transaction fails its statement, and nothing else', async (t) => {
  const { pool, admin, lost } = await place(t);
  const client = await pool.connect();
  await client.query('begin');
  await admin.query('select pg_terminate_backend($1, 5000)', [await pidOf(client)]);
  await t.rejects(client.query('commit'));
  client.release();
  t.equal(lost.length, 1);
  t.same((await pool.query('select 1 as answer')).rows, [{ answer: 1 }], 'the next statement takes another');
});

t.test('and so does one that breaks under a statement', async (t) => {
  const { pool, admin, lost } = await place(t);
  const client = await pool.connect();
  const pid = await pidOf(client);
  const asleep = t.rejects(client.query('select pg_sleep(60)'));
  await admin.query('select pg_terminate_backend($1, 5000)', [pid]);
  await asleep;
  await t.rejects(client.query('rollback'));
  client.release();
  t.equal(lost.length, 1);
});

t.test('one that breaks in the pool is replaced', async (t) => {
  const { pool, admin, lost } = await place(t);
  await admin.query('select pg_terminate_backend($1, 5000)', [await pidOf(pool)]);
  while (lost.length === 0) await new Promise(setImmediate);
  t.not(await pidOf(pool), undefined);
  t.equal(pool.totalCount, 1);
});

t.test('one that breaks while its pool is closing is nobody’s business', async (t) => {
  const { pool, admin, lost } = await place(t);
  const client = await pool.connect();
  const pid = await pidOf(client);
  const ended = pool.end();
  const broken = once(client, 'error');
  await admin.query('select pg_terminate_backend($1, 5000)', [pid]);
  await broken;
  client.release(true);
  await ended;
  t.equal(lost.length, 0);
});

async function place(t: Test) {
  const { url, pool: admin } = await testDatabase(t);
  const lost: Error[] = [];
  const pool = createPool(url, { max: 1, onLost: (error) => lost.push(error) });
  t.teardown(() => pool.ending || pool.end());
  return { pool, admin, lost };
}

interface Asked {
  query(text: string): Promise<{ readonly rows: readonly { readonly pid: number }[] }>;
}

async function pidOf(asked: Asked): Promise<number | undefined> {
  return (await asked.query('select pg_backend_pid() as pid')).rows[0]?.pid;
}
