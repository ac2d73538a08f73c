import pg from 'pg';
import t from 'tap';
import { testDatabase } from './database.ts';

t.test('each test has a database of its own', async (t) => {
  const [one, other] = await Promise.all([testDatabase(t), testDatabase(t)]);
  await one.pool.query('CREATE TABLE thing (id int)');
  t.same((await one.pool.query('SELECT * FROM thing')).rows, []);
  await t.rejects(other.pool.query('SELECT * FROM thing'), /does not exist/);
});

t.test('which is gone when the test ends', async (t) => {
  const { test, end } = fakeTest();
  const { url } = await testDatabase(test);
  await end();
  await t.rejects(new pg.Client(url).connect(), /does not exist/);
});

t.test('a test that leaves a connection open fails', async (t) => {
  const { test, end } = fakeTest();
  const { url } = await testDatabase(test);
  const forgotten = new pg.Client({ connectionString: url, application_name: 'forgotten' });
  forgotten.on('error', () => {});
  await forgotten.connect();
  await t.rejects(end(), /left open: forgotten/);
});

t.test('a test that keeps a client of the pool fails', async (t) => {
  const { test, end } = fakeTest();
  const { pool } = await testDatabase(test);
  const kept = await pool.connect();
  kept.on('error', () => {});
  await t.rejects(end(), /not released: test pool/);
});

/** Stands in for tap, to end a test by hand and see how it fails. */
function fakeTest() {
  const teardowns: (() => Promise<void>)[] = [];
  const test = { teardown: (handler: () => Promise<void>) => teardowns.push(handler) };
  const end = async () => {
    for (const teardown of teardowns) await teardown();
  };
  return { test, end };
}
