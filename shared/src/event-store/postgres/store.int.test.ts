import t, { type Test } from 'tap';
import { createLocalBus } from '../../bus/local.ts';
import { createPool } from '../../postgres/pool.ts';
import { testDatabase } from '../../testing/database.ts';
import { event, newStream, streamOf } from '../contract/check.ts';
import { follow } from '../contract/follow.ts';
import { eventStoreContract } from '../contract.ts';
import { createPostgresEventStore, type PostgresEventStoreOptions } from './store.ts';

await eventStoreContract(t, 'Postgres', async () => {
  const { url } = await testDatabase(t);
  return { store: await openStore(t, url), teardown: async () => {} };
});

await eventStoreContract(t, 'Postgres seen through two pools', async () => {
  const { url } = await testDatabase(t);
  const [store, other] = await Promise.all([openStore(t, url), openStore(t, url)]);
  return { store, other, teardown: async () => {} };
});

t.test('processes that start at once create the schema once', async (t) => {
  const { url } = await testDatabase(t);
  const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(t, url)));
  const appended = await Promise.all(stores.map((store) => store.append(newStream(), 'no_stream', [event()])));
  t.equal(new Set(appended.map(({ position }) => position)).size, 6);
});

t.test('a schema of another version is not touched', async (t) => {
  const { url, pool } = await testDatabase(t);
  await openStore(t, url);
  await pool.query(`comment on schema log is 'agentcal log 9'`);
  await t.rejects(createPostgresEventStore({ pool }), /schema log is "agentcal log 9"/);
});

t.test('a role that may only use the schema need not be able to create it', async (t) => {
  const { url, pool } = await testDatabase(t);
  await openStore(t, url);
  const role = `reader_${newStream().slice(-12)}`;
  const client = await pool.connect();
  try {
    await client.query(`create role ${role}`);
    await client.query(`grant usage on schema log to ${role}`);
    await client.query(`set role ${role}`);
    const query = client.query.bind(client);
    await createPostgresEventStore({ pool: { query, on: () => {}, off: () => {} } as unknown as typeof pool });
    t.pass('nothing was created');
  } finally {
    await client.query('reset role');
    await client.query(`drop owned by ${role}`);
    await client.query(`drop role ${role}`);
    client.release();
  }
});

t.test('a follower is woken by the bus, long before it would look by itself', async (t) => {
  const { url } = await testDatabase(t);
  const wake = createLocalBus();
  const following = await openStore(t, url, { wake, pollMs: 600_000 });
  const writing = await openStore(t, url);
  const { position: start } = await writing.append(newStream(), 'no_stream', [event()]);
  const follower = follow(following, { after: start, maxCount: 10 });
  await follower.until(({ caughtUp }) => caughtUp);
  const streamId = newStream();
  const { revision, position } = await writing.append(streamId, 'no_stream', [event()]);
  wake.publish('log.appended', { streamId, revision, position: `${position}` });
  await follower.until(() => follower.of(streamId).length === 1);
  t.equal(follower.of(streamId)[0]?.position, position);
  await follower.stop();
});

t.test('closing lets appends finish, ends followers, and leaves the pool open', async (t) => {
  const { url, pool } = await testDatabase(t);
  const store = await openStore(t, url);
  const [streamId, { signal }] = [newStream(), new AbortController()];
  const following = Array.fromAsync(store.follow({ after: 0n, maxCount: 10, signal }));
  const appending = [0, 1, 2].map(() => store.append(streamId, 'any', [event()]));
  await store.close();
  t.equal((await Promise.all(appending)).length, 3);
  await following;
  await t.rejects(store.append(streamId, 'any', [event()]), { name: 'StoreUnavailable' });
  t.equal((await streamOf(await createPostgresEventStore({ pool }), streamId)).length, 3);
});

t.test('an event that Postgres cannot hold is refused with its reason, and spoils none beside it', async (t) => {
  const { url } = await testDatabase(t);
  const store = await openStore(t, url);
  const [good, bad, fine] = await Promise.allSettled([
    store.append(newStream(), 'no_stream', [event()]),
    store.append(newStream(), 'no_stream', [event({ id: 'not a uuid' })]),
    store.append(newStream(), 'no_stream', [event()]),
  ]);
  t.match([good, bad, fine], [{ status: 'fulfilled' }, { reason: /uuid/ }, { status: 'fulfilled' }]);
  const twice = event();
  await t.rejects(store.append(newStream(), 'no_stream', [twice, twice]), /repeats within one append/);
});

/** A store on a pool of its own, both gone when the test ends. */
async function openStore(t: Test, url: string, options: Partial<PostgresEventStoreOptions> = {}) {
  const pool = createPool(url, { max: 6 });
  const store = await createPostgresEventStore({ pool, ...options });
  t.teardown(async () => {
    await store.close();
    await pool.end();
  });
  return store;
}
