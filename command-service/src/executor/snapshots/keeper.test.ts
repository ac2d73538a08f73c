import { createLocalBus } from '@agentcal/shared/bus/local';
import { withoutUniqueIds } from '@agentcal/shared/event-store/local-ids';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { type EventStore, StoreUnavailable } from '@agentcal/shared/event-store/port';
import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { fakeClock } from '@agentcal/shared/testing/clock';
import t from 'tap';
import { SnapshotTaken } from '../events.ts';
import { createExecutor } from '../executor.ts';
import { realTiming } from '../pauses.ts';
import { context, row, SeatTaken, take } from '../samples.ts';
import { packed, unpacked } from './snapshot.ts';

const catalogue = createCatalogue([SeatTaken, SnapshotTaken]);
const timing = { sleep: async () => {}, random: () => 0.5 };
const every = 10;
const long = { ...row, snapshots: { version: 1, everyEvents: every } };
const newer = { ...row, snapshots: { version: 2, everyEvents: every } };

/** A process that has begun just now. */
function begin(store: EventStore, log: string[] = []) {
  const clock = fakeClock(Date.parse('2030-05-01T10:00:00Z'));
  const heard = { warn: (_: unknown, message: string) => void log.push(message) };
  return createExecutor({ store, bus: createLocalBus(), clock, catalogue, timing, log: heard as never });
}

async function fill(store: EventStore, from: number, to: number, aggregate = long, executor = begin(store)) {
  for (let n = from; n < to; n += 1) {
    await executor.execute(aggregate, '1', take('ann', `s${n}`), context(`c${n}`));
    await new Promise(setImmediate);
  }
}

async function snapshotsIn(store: EventStore) {
  const { events } = await store.readAll({ after: 0n, maxCount: 10_000, types: [SnapshotTaken.type] });
  return events.map(({ data }) => data as SnapshotTaken['data']);
}

/** What of the log is read, event by event, and what may be put into the reader's way. */
function watched(store: EventStore, change: (event: RecordedEvent) => RecordedEvent = (event) => event) {
  const seen = { events: 0 };
  const read: EventStore = {
    ...store,
    async *readStream(...args) {
      for await (const event of store.readStream(...args)) {
        seen.events += 1;
        yield change(event);
      }
    },
  };
  return { read, seen };
}

t.test('one is taken for so many events, and a cold fold reads no more than those', async (t) => {
  for (const store of [createMemoryEventStore(), withoutUniqueIds(createMemoryEventStore())]) {
    await fill(store, 0, 95);
    const taken = await snapshotsIn(store);
    t.same(
      taken.map(({ stream_id, revision }) => [stream_id, revision]),
      [9, 19, 29, 39, 49, 59, 69, 79, 89].map((revision) => ['row-1', revision]),
    );
    const { read, seen } = watched(store);
    const loaded = await begin(read).load(long, '1');
    t.ok(seen.events <= every + 2, `${seen.events} events`);
    t.same(loaded, await begin(store).load(row, '1'), 'state, revision and position are those of the whole stream');
  }
});

t.test('a repeat from before it is known', async (t) => {
  const store = createMemoryEventStore();
  await fill(store, 0, 25);
  const { read, seen } = watched(store);
  const again = await begin(read).execute(long, '1', take('ann', 's7'), context('c7'));
  t.same([again.repeated, again.revision, again.events[0]?.data], [true, 7, { seat: 's7', by: 'ann' }]);
  t.ok(seen.events < every, 'and its events are all that is read besides');
  const other = context('c7', { fingerprint: 'another' });
  await t.rejects(begin(store).execute(long, '1', take('ann', 's7'), other), { code: 'idempotency_key_reused' });
});

t.test('a stream that grew without them gets one from whoever reads it', async (t) => {
  const store = createMemoryEventStore();
  await fill(store, 0, 35, row as typeof long);
  await begin(store).load(long, '1');
  await new Promise(setImmediate);
  t.same(
    (await snapshotsIn(store)).map(({ revision }) => revision),
    [34],
  );
});

t.test('one that cannot be believed is ignored', async (t) => {
  const store = createMemoryEventStore();
  await fill(store, 0, 25);
  const whole = await begin(store).load(row, '1');
  const [first, newest] = await snapshotsIn(store);
  const lie = (change: (data: SnapshotTaken['data']) => object) =>
    watched(store, (event) =>
      event.type === SnapshotTaken.type ? ({ ...event, data: change(newest!) } as RecordedEvent) : event,
    );
  const repacked = (change: object) => packed({ ...unpacked<object>(newest!), state: { lie: 'ann' }, ...change });
  const cases: Record<string, [(data: SnapshotTaken['data']) => object, boolean]> = {
    'a damaged content': [(data) => ({ ...data, content: data.content.replace(/.{8}$/, 'AAAAAAA=') }), true],
    'another content': [(data) => ({ ...data, content: first!.content }), true],
    'no content': [() => ({}), false],
    'another version': [() => repacked({ version: 7 }), false],
    'a revision beyond the stream': [() => repacked({ revision: 25 }), true],
    'a revision before the stream': [() => repacked({ revision: -1 }), true],
    'another event at its revision': [() => repacked({ eventId: 'of another history' }), true],
    'another stream': [() => repacked({ streamId: 'row-2' }), false],
  };
  for (const [name, [change, told]] of Object.entries(cases)) {
    const { read, seen } = lie(change);
    const log: string[] = [];
    t.same(await begin(read, log).load(long, '1'), whole, name);
    t.ok(seen.events >= 25, 'the whole stream is read');
    t.equal(log.length > 0, told, `${name}: ${log}`);
  }
  const older = lie(() => first!);
  t.same(await begin(older.read).load(long, '1'), whole, 'an old one is as good, and more is read');
  t.ok(older.seen.events < 20, `${older.seen.events} events`);
});

t.test('a changed fold rebuilds it', async (t) => {
  const store = createMemoryEventStore();
  await fill(store, 0, 15);
  await fill(store, 15, 16, newer);
  const { read, seen } = watched(store);
  await begin(read).load(newer, '1');
  t.equal(seen.events, 1 + 1 + 1, 'the snapshot, its last event, and the one after it');
  t.same(
    (await snapshotsIn(store)).map(({ version, revision }) => [version, revision]),
    [
      [1, 9],
      [2, 14],
    ],
  );
});

t.test('two processes take one together, and neither notices', async (t) => {
  const store = createMemoryEventStore();
  const log: string[] = [];
  const both = [begin(store, log), begin(store, log)];
  for (let n = 0; n < 100; n += 1) {
    await both[n % 2]!.execute(long, '1', take('ann', `s${n}`), context(`c${n}`));
    await both[(n + 1) % 2]!.load(long, '1', { fresh: true });
    await new Promise(setImmediate);
  }
  t.same(log, []);
  const revisions = (await snapshotsIn(store)).map(({ revision }) => revision);
  t.ok(revisions.length >= 8 && revisions.length <= 10, String(revisions));
});

t.test('a command neither waits for one nor fails with one', async (t) => {
  const failures: Record<string, () => Promise<never>> = {
    'the store is down': () => Promise.reject(new StoreUnavailable('down')),
    'the store forbids it': () => Promise.reject(new Error('too large')),
    'the store never answers': () => new Promise<never>(() => {}),
  };
  for (const [name, fail] of Object.entries(failures)) {
    const memory = createMemoryEventStore();
    let tried = 0;
    const store: EventStore = {
      ...memory,
      append: (streamId, ...args) => {
        if (!streamId.startsWith('snapshot-')) return memory.append(streamId, ...args);
        tried += 1;
        return fail();
      },
    };
    const log: string[] = [];
    await fill(store, 0, 35, long, begin(store, log));
    t.same((await begin(store).load(row, '1')).revision, 34, name);
    t.equal(tried, name.includes('never') ? 1 : 3, 'tried once for so many events, one at a time');
    t.equal(log.length, name.includes('never') ? 0 : 3);
  }
});

t.test('what is no plain data is not taken', async (t) => {
  const store = createMemoryEventStore();
  const log: string[] = [];
  const odd = {
    ...long,
    evolve: (...args: Parameters<typeof row.evolve>) => ({ ...row.evolve(...args), f: () => {} }),
  };
  await fill(store, 0, 12, odd as unknown as typeof long, begin(store, log));
  t.same([await snapshotsIn(store), log.length], [[], 1]);
});

t.test('one that is too large for some stores is not taken', async (t) => {
  const store = createMemoryEventStore();
  const log: string[] = [];
  const noise = () => Array.from({ length: 200_000 }, () => Math.random());
  const large = {
    ...long,
    evolve: (...args: Parameters<typeof row.evolve>) => ({ ...row.evolve(...args), n: noise() }),
  };
  await fill(store, 0, 10, large as unknown as typeof long, begin(store, log));
  t.same([await snapshotsIn(store), log], [[], ['row-1 is too large for a snapshot']]);
});

t.test('a store that never answers is given up when the time is over', async (t) => {
  const memory = createMemoryEventStore();
  let hangs: 'append' | 'readStream' | 'nothing' = 'append';
  const store: EventStore = {
    ...memory,
    append: (...args) => (hangs === 'append' ? new Promise(() => {}) : memory.append(...args)),
    async *readStream(...args) {
      if (hangs === 'readStream') await new Promise(() => {});
      yield* memory.readStream(...args);
    },
  };
  const clock = fakeClock(Date.parse('2030-05-01T10:00:00Z'));
  const alarms: (() => void)[] = [];
  const alarm = (_: number, ring: () => void) => {
    alarms.push(ring);
    return () => {};
  };
  const executor = createExecutor({ store, bus: createLocalBus(), clock, catalogue, timing: { ...realTiming, alarm } });
  const ring = async () => {
    await new Promise(setImmediate);
    for (const each of alarms.splice(0)) each();
  };

  for (const where of ['append', 'readStream'] as const) {
    hangs = where;
    const command = executor.execute(long, where, take('ann', 'a'), context(where));
    const refused = t.rejects(command, { code: 'unavailable', extras: { retryAfterSeconds: 2 } }, where);
    await ring();
    await refused;
    hangs = 'nothing';
    t.equal((await executor.execute(long, where, take('ann', 'a'), context(where))).revision, 0, 'until it is back');
  }
  hangs = 'readStream';
  const loading = t.rejects(executor.load(long, 'append', { fresh: true }), { code: 'unavailable' });
  await ring();
  await loading;
});
