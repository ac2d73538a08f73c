import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import t, { type Test } from 'tap';
import { startEmbeddedPostgres } from '../../postgres/embedded/server.ts';
import { createPool } from '../../postgres/pool.ts';
import { startRelay } from '../../testing/relay.ts';
import { event, events, logAfter, newStream, streamOf, within } from '../contract/check.ts';
import { follow } from '../contract/follow.ts';
import { type Appended, StoreUnavailable } from '../port.ts';
import { createPostgresEventStore } from './store.ts';

const { store, relay, server, direct, killConnections } = await place(t);

t.test('connections that are ended do not show: the store takes others', async (t) => {
  const writing = writeThrough(8, 40);
  for (let round = 0; round < 10; round++) {
    await delay(20);
    await killConnections();
  }
  const { acknowledged, unavailable } = await writing;
  t.comment(`${acknowledged.length} appends, of which ${unavailable} had to be sent again`);
  t.same(await idsInLog(), acknowledged.toSorted());
  await killConnections();
  t.ok(await store.ping().then(() => true), 'after a quiet death the first call succeeds');
});

t.test('a server that ends and comes back is found again, by writers and followers', async (t) => {
  for (const end of [server.stop, server.kill]) {
    const follower = follow(store, { after: (await logAfter(store, 0n)).position, maxCount: 20 });
    const last = event();
    const following = follower.until((batch) => batch.events.some(({ id }) => id === last.id));
    const writing = writeThrough(4, 60);
    await delay(100);
    await end();
    await t.rejects(store.append(newStream(), 'no_stream', [event()]), StoreUnavailable);
    await t.rejects(Array.fromAsync(store.readStream(newStream())), StoreUnavailable);
    await t.rejects(store.readAll({ after: 0n, maxCount: 1 }), StoreUnavailable);
    await t.rejects(store.ping(), StoreUnavailable);
    await server.start();
    const { acknowledged } = await within(writing, 'writers find the server again');
    await store.append(newStream(), 'no_stream', [last]);
    await within(following, 'the follower finds the server again');
    const seen = follower.events().map(({ id }) => id);
    t.equal(new Set(seen).size, seen.length, 'the follower saw nothing twice');
    t.same(
      acknowledged.filter((id) => !seen.includes(id)),
      [],
      'and every acknowledged event',
    );
    const log = await idsInLog();
    t.same(
      acknowledged.filter((id) => !log.includes(id)),
      [],
      'which the log holds',
    );
    t.equal(new Set(log).size, log.length, 'once');
    await follower.stop();
  }
});

t.test('an answer that is lost on its way: the store sends the append again and finds its events', async (t) => {
  const streamId = newStream();
  const { position } = await store.append(newStream(), 'no_stream', [event()]);
  relay.dropAnswers();
  const appending = store.append(streamId, 'no_stream', events(2));
  const isWritten = async () => {
    const [row] = await direct('select count(*)::int as count from log.events where stream_id = $1', [streamId]);
    return row?.count === 2;
  };
  while (!(await isWritten())) await delay(5);
  relay.cut();
  t.match(await appending, { revision: 1, position: position + 2n });
  t.equal((await streamOf(store, streamId)).length, 2);
});

t.test('a server that takes no connections any more makes the store unavailable, at once', async (t) => {
  relay.refuse();
  relay.cut();
  await t.rejects(store.append(newStream(), 'no_stream', [event()]), StoreUnavailable);
  relay.accept();
  t.equal((await store.append(newStream(), 'no_stream', [event()])).revision, 0);
});

/** A server of its own, that can be ended and started again, behind an address that stays. */
async function place(t: Test) {
  const folder = await mkdtemp(join(tmpdir(), 'agentcal-outages-'));
  const dataDir = join(folder, 'postgres');
  // What a killed server has handed to the kernel is not lost: only the machine's power could lose it.
  const settings = { fsync: 'off' };
  let postgres = await startEmbeddedPostgres({ dataDir, settings });
  const relay = await startRelay(new URL(postgres.url));
  const url = Object.assign(new URL(postgres.url), { port: `${relay.port}` }).href;
  const pool = createPool(url, { max: 4 });
  const store = await createPostgresEventStore({ pool, pollMs: 50 });
  t.teardown(async () => {
    await store.close();
    await pool.end();
    await relay.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const server = {
    stop: () => postgres.stop(),
    async kill() {
      process.kill(Number.parseInt(await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10), 'SIGKILL');
      await postgres.failed;
      // Its sessions notice a moment later that they are orphans, and might answer until then.
      relay.refuse();
      relay.cut();
    },
    async start() {
      postgres = await startEmbeddedPostgres({ dataDir, settings });
      relay.target = new URL(postgres.url);
      relay.accept();
    },
  };
  /** Past the relay, on a connection of its own. */
  const direct = async (text: string, values: readonly unknown[] = []) => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    const { rows } = await client.query(text, [...values]).finally(() => client.end());
    return rows;
  };
  const killConnections = () =>
    direct(
      `select pg_terminate_backend(pid, 1000) from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
  return { store, relay, server, direct, killConnections };
}

/** Writers as the executor is one: what is unavailable is sent again with the same ids, until it is answered. */
async function writeThrough(writers: number, rounds: number) {
  const acknowledged: string[] = [];
  let unavailable = 0;
  const write = async () => {
    const streamId = newStream();
    for (let round = 0; round < rounds; round++) {
      const one = event();
      const answer = await persist(() => store.append(streamId, round === 0 ? 'no_stream' : round - 1, [one]));
      if (answer.revision !== round) throw new Error(`${answer.revision} where ${round} was appended`);
      acknowledged.push(one.id);
      await delay(2);
    }
  };
  const persist = async (append: () => Promise<Appended>): Promise<Appended> => {
    for (;;) {
      try {
        return await append();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        unavailable += 1;
        await delay(50);
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return { acknowledged, unavailable };
}

async function idsInLog(): Promise<string[]> {
  return (await logAfter(store, 0n)).events.map(({ id }) => id).toSorted();
}
