import type pg from 'pg';
import t, { type Test } from 'tap';
import { createPool } from '../../postgres/pool.ts';
import { testDatabase } from '../../testing/database.ts';
import { event, events, logAfter, newStream, patience } from '../contract/check.ts';
import { createDoorbell, followByReading } from '../follow.ts';
import type { EventStore, ReadAllOptions } from '../port.ts';
import { appendSlowly, holeChecks } from './holes.ts';
import { columns, type EventRow, toEvent } from './row.ts';
import { createPostgresEventStore } from './store.ts';

t.test('holes in the log', async (t) => {
  const { store, pool } = await place(t);
  for (const { title, prove } of holeChecks) await t.resolves(prove(store, pool), title);
});

t.test('a reader that is new to a log under way', async (t) => {
  const { store, pool } = await place(t);
  await store.append(newStream(), 'no_stream', events(3_000));
  const late = event();
  const append = await appendSlowly(pool, [late]);
  const last = event();
  await store.append(newStream(), 'no_stream', [last]);

  const fresh = await createPostgresEventStore({ pool });
  const reading = logAfter(fresh, 2_990n, { maxCount: 4 });
  await append.commit();
  const { events: read } = await reading;
  t.same(
    read.slice(-2).map(({ id }) => id),
    [late.id, last.id],
    'reads from its checkpoint on, and waits at the hole as well',
  );
  t.equal(read.length, 12);
  t.equal((await logAfter(fresh, 0n, { maxCount: 700 })).events.length, 3_002, 'and finds the whole log');
  await fresh.close();
});

t.test('a reader that asks for what is beyond the end', async (t) => {
  const { store } = await place(t);
  await store.append(newStream(), 'no_stream', [event()]);
  const far = 1_000_000n;
  t.same(await store.readAll({ after: far, maxCount: 10 }), { events: [], position: far, caughtUp: true });
  t.equal((await logAfter(store, 0n)).events.length, 1, 'leads no other astray');
});

t.test('the checks find it where a reader', async (t) => {
  patience.ms = 3_000;
  for (const [fault, createReader] of Object.entries(faultyReaders)) {
    const { store, pool } = await place(t);
    const faulty = withReader(store, createReader(pool));
    let found: string | undefined;
    for (const { title, prove } of holeChecks) {
      found ??= await prove(faulty, pool).then(
        () => undefined,
        () => title,
      );
    }
    t.type(found, 'string', `${fault}, by: ${found}`);
  }
});

type Reader = EventStore['readAll'];

/** Ways to read a sequence that have been shipped, and lost events. */
const faultyReaders: Readonly<Record<string, (pool: pg.Pool) => Reader>> = {
  'takes the order of the sequence for the order of commits': (pool) => (options) => readUpTo(pool, options),

  'gives a hole a moment and then passes it': (pool) => async (options) => {
    const { rows } = await pool.query<{ hole: boolean }>(
      `select max(position) - min(position) + 1 > count(*) or min(position) > $1::bigint + 1 as hole
       from log.events where position > $1`,
      [options.after],
    );
    if (rows[0]?.hole) await new Promise((resolve) => setTimeout(resolve, 20));
    return readUpTo(pool, options);
  },

  'waits until nobody appends, but looks before it asks for the locks': (pool) => async (options) => {
    const batch = await readUpTo(pool, options);
    for (let busy = true; busy; ) {
      const { rows } = await pool.query(
        `select from pg_locks where locktype = 'advisory' and objsubid = 2 and objid = 1`,
      );
      busy = rows.length > 0;
    }
    return batch;
  },

  'never passes a hole': (pool) => async (options) => {
    const batch = await readUpTo(pool, options);
    const end = batch.events.findIndex(({ position }, index) => position !== options.after + BigInt(index + 1));
    if (end === -1) return batch;
    const events = batch.events.slice(0, end);
    return { events, position: events.at(-1)?.position ?? options.after, caughtUp: true };
  },
};

async function readUpTo(pool: pg.Pool, { after, maxCount, types }: ReadAllOptions) {
  const { rows } = await pool.query<EventRow>(
    `select ${columns} from log.events where position > $1 order by position limit $2`,
    [after, maxCount],
  );
  const read = rows.map(toEvent);
  return {
    events: read.filter(({ type }) => !types || types.includes(type)),
    position: read.at(-1)?.position ?? after,
    caughtUp: read.length < maxCount,
  };
}

function withReader(store: EventStore, readAll: Reader): EventStore {
  const following = { readAll, doorbell: createDoorbell(), pollMs: 5 };
  return { ...store, readAll, follow: (options) => followByReading(following, options) };
}

async function place(t: Test): Promise<{ store: EventStore; pool: pg.Pool }> {
  const { url } = await testDatabase(t);
  const pool = createPool(url);
  const store = await createPostgresEventStore({ pool });
  t.teardown(async () => {
    await store.close();
    await pool.end();
  });
  return { store, pool };
}
