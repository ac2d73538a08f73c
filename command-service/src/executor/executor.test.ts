import { createLocalBus } from '@agentcal/shared/bus/local';
import type { Bus } from '@agentcal/shared/bus/port';
import { withoutUniqueIds } from '@agentcal/shared/event-store/local-ids';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { type EventStore, StoreUnavailable } from '@agentcal/shared/event-store/port';
import { createCatalogue, InvalidEvent } from '@agentcal/shared/kernel/catalogue';
import { day, hour } from '@agentcal/shared/kernel/time';
import { fakeClock } from '@agentcal/shared/testing/clock';
import t from 'tap';
import { CommandReserved } from './events.ts';
import { createExecutor } from './executor.ts';
import { retentionMs } from './recent-commands.ts';
import { context, organizationId, row, SeatTaken, take } from './samples.ts';

const start = Date.parse('2030-05-01T10:00:00Z');
const catalogue = createCatalogue([SeatTaken, CommandReserved]);
let drawn = 0;
const timing = { sleep: async () => {}, random: () => ++drawn / 1e6 };
const silence: Bus = { publish: () => {}, subscribe: () => () => {}, close: async () => {} };

/** Processes that share a log. They do not hear each other unless they are given a bus. */
function processes(store: EventStore = createMemoryEventStore(), bus: Bus = silence) {
  const clock = fakeClock(start);
  const one = () => createExecutor({ store, bus, clock, catalogue, timing });
  return { store, clock, here: one(), there: one() };
}

async function logOf(store: EventStore) {
  return (await store.readAll({ after: 0n, maxCount: 1_000 })).events;
}

async function seatsOf(store: EventStore) {
  return (await logOf(store)).filter(({ type }) => type === SeatTaken.type);
}

function bothStores(): [string, EventStore][] {
  return [
    ['event ids unique in the log', createMemoryEventStore()],
    ['event ids unique in a stream', withoutUniqueIds(createMemoryEventStore())],
  ];
}

/** Counts calls and breaks some of them. */
function observed(store: EventStore, faults: { append?: () => Promise<void>; lost?: () => boolean } = {}) {
  const calls = { append: 0, readStream: 0 };
  const seen: EventStore = {
    ...store,
    append: async (...args) => {
      calls.append += 1;
      await faults.append?.();
      const appended = await store.append(...args);
      if (faults.lost?.()) throw new StoreUnavailable('the answer was lost');
      return appended;
    },
    readStream: (...args) => {
      calls.readStream += 1;
      return store.readStream(...args);
    },
  };
  return { store: seen, calls };
}

t.test('a command becomes events with everything that is known of it', async (t) => {
  const { here, store } = processes();
  const told = context('key', { accountId: 'acct_1', requestId: 'req_1', causationId: 'cause_1' });
  const { state, revision, position, events, repeated } = await here.execute(row, '1', take('ann', 'a', 'b'), told);
  t.same([state, revision, position, repeated], [{ a: 'ann', b: 'ann' }, 1, 2n, false]);
  const recorded = await logOf(store);
  t.same(
    events.map(({ id, streamId, revision, data }) => [id, streamId, revision, data]),
    recorded.map(({ id, streamId, revision, data }) => [id, streamId, revision, data]),
  );
  t.same(recorded[0]?.metadata, {
    occurred_at: '2030-05-01T10:00:00Z',
    organization_id: organizationId,
    account_id: 'acct_1',
    livemode: false,
    actor: { kind: 'key', id: 'key_1' },
    command_id: told.commandId,
    fingerprint: told.fingerprint,
    correlation_id: told.correlationId,
    causation_id: 'cause_1',
    request_id: 'req_1',
  });
});

t.test('a repeat is answered with the original events', async (t) => {
  t.test('by the same process, another one, and after much has happened since', async (t) => {
    const { here, there } = processes();
    const first = await here.execute(row, '1', take('ann', 'a', 'b'), context('key'));
    await there.execute(row, '1', take('bob', 'c'), context('other'));
    for (const executor of [here, there]) {
      const again = await executor.execute(row, '1', take('ann', 'a', 'b'), context('key', { at: start + hour }));
      t.equal(again.repeated, true);
      t.same([again.revision, again.position], [first.revision, first.position]);
      t.same(
        again.events.map(({ id, revision, data }) => [id, revision, data]),
        first.events.map(({ id, revision, data }) => [id, revision, data]),
      );
      t.same(again.state, { a: 'ann', b: 'ann', c: 'bob' }, 'the state is the present one');
    }
  });

  for (const [name, store] of bothStores()) {
    t.test(`also once memory has forgotten it, with ${name}`, async (t) => {
      const { here, there, clock } = processes(store);
      await here.execute(row, '1', take('ann', 'a'), context('key'));
      clock.advance(retentionMs + day);
      // A decider that does not know its own: only the log stands in the way of a second seat.
      const naive = { ...row, decide: () => [{ type: SeatTaken.type, data: { seat: 'z', by: 'ann' } }] };
      const late = { at: clock.now() };
      const again = await there.execute(naive, '1', take('ann', 'a'), context('key', late));
      t.equal(again.repeated, true);
      t.same(again.events[0]?.data, { seat: 'a', by: 'ann' });
      const other = context('key', { ...late, fingerprint: 'another' });
      await t.rejects(there.execute(naive, '1', take('ann', 'a'), other), { code: 'idempotency_key_reused' });
      t.equal((await seatsOf(store)).length, 1);
    });
  }

  t.test('and nothing to do is no event', async (t) => {
    const { here, store } = processes();
    await here.execute(row, '1', take('ann', 'a'), context('one'));
    const quiet = await here.execute(row, '1', take('ann', 'a'), context('two'));
    t.same([quiet.events, quiet.repeated, quiet.revision], [[], false, 0]);
    t.equal((await logOf(store)).length, 1);
  });
});

t.test('one idempotency key is one command', async (t) => {
  for (const [name, store] of bothStores()) {
    t.test(`with ${name}`, async (t) => {
      const { here, there } = processes(store);
      await here.execute(row, '1', take('ann', 'a'), context('key'));
      for (const executor of [here, there]) {
        const reused = { code: 'idempotency_key_reused' };
        const other = context('key', { fingerprint: 'another payload' });
        await t.rejects(executor.execute(row, '1', take('bob', 'b'), other), reused, 'with another payload');
        await t.rejects(executor.execute(row, '2', take('bob', 'b'), other), reused, 'on another stream');
        await t.rejects(
          executor.execute(row, '2', take('ann', 'a'), context('key')),
          reused,
          'even with the same payload',
        );
        const again = await executor.execute(row, '1', take('ann', 'a'), context('key'));
        t.equal(again.repeated, true, 'while its own repeat is answered');
      }
      t.equal((await seatsOf(store)).length, 1);
    });
  }

  t.test('also when both arrive at once in two processes that have not heard of each other', async (t) => {
    for (const [, store] of bothStores()) {
      const { here, there } = processes(store);
      const outcomes = await Promise.allSettled([
        here.execute(row, '1', take('ann', 'a'), context('key', { fingerprint: 'ann' })),
        there.execute(row, '1', take('bob', 'b'), context('key', { fingerprint: 'bob' })),
      ]);
      t.same(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      const answered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value.events : []));
      t.same(
        (await seatsOf(store)).map(({ data }) => data),
        answered.map(({ data }) => data),
      );
    }
  });
});

t.test('a cached state', async (t) => {
  t.test('never refuses what the log would allow, nor finds nothing to do', async (t) => {
    const { here, there } = processes();
    const turns = {
      ...row,
      // Whoever holds seat a may give it on: a rule under which a stale state is wrong in both directions.
      decide: ({ data: { by, seats } }: ReturnType<typeof take>, taken: Readonly<Record<string, string>>) => {
        const [from = '', to = ''] = seats;
        return taken[from] === by
          ? [{ type: SeatTaken.type, data: { seat: from, by: to } }]
          : row.decide(take(by, from), taken);
      },
    };
    await here.execute(turns, '1', take('ann', 'a'), context(undefined));
    await there.execute(turns, '1', take('ann', 'a', 'bob'), context(undefined));
    const given = await here.execute(turns, '1', take('bob', 'a', 'cyd'), context(undefined));
    t.same(given.state, { a: 'cyd' });
  });

  t.test('saves the read: the next command of this process appends at once', async (t) => {
    const { store, calls } = observed(createMemoryEventStore());
    const { here } = processes(store);
    await here.execute(row, '1', take('ann', 'a'), context('one'));
    const before = calls.readStream;
    await here.execute(row, '1', take('ann', 'b'), context('two'));
    t.equal(calls.readStream, before);
  });

  t.test('is at most a second old for whoever loads it, and fresh where that is asked', async (t) => {
    const { here, there, clock } = processes();
    await there.execute(row, '1', take('ann', 'a'), context('one'));
    t.same((await here.load(row, '1')).state, { a: 'ann' });
    await there.execute(row, '1', take('ann', 'b'), context('two'));
    t.same((await here.load(row, '1')).state, { a: 'ann' });
    t.same((await here.load(row, '1', { fresh: true })).state, { a: 'ann', b: 'ann' });
    await there.execute(row, '1', take('ann', 'c'), context('three'));
    clock.advance(1_000);
    t.same((await here.load(row, '1')).revision, 2);
  });

  t.test('is dropped as soon as another process says that it appended', async (t) => {
    const bus = createLocalBus();
    const { here, there } = processes(createMemoryEventStore(), bus);
    await here.load(row, '1');
    await there.execute(row, '1', take('ann', 'a'), context('one'));
    t.same((await here.load(row, '1')).state, { a: 'ann' });
    here.close();
    await there.execute(row, '1', take('ann', 'b'), context('two'));
    t.same((await here.load(row, '1')).state, { a: 'ann' }, 'until it no longer listens');
  });
});

t.test('an expected revision from the caller', async (t) => {
  const { here, there } = processes();
  await here.execute(row, '1', take('ann', 'a'), context('one'));
  await there.execute(row, '1', take('ann', 'b'), context('two'));
  await t.rejects(here.execute(row, '1', take('ann', 'c'), context('three'), { ifRevision: 0 }), {
    code: 'revision_conflict',
  });
  const changed = await here.execute(row, '1', take('ann', 'c'), context('three'), { ifRevision: 1 });
  t.equal(changed.revision, 2);
  const again = await here.execute(row, '1', take('ann', 'c'), context('three'), { ifRevision: 1 });
  t.equal(again.repeated, true, 'a repeat is answered, though the revision has moved on by itself');
});

t.test('what the store does not answer', async (t) => {
  t.test('is asked again with the same event ids, and written once', async (t) => {
    let losses = 2;
    const memory = createMemoryEventStore();
    const { store } = observed(memory, { lost: () => losses-- > 0 });
    const { here } = processes(store);
    const { revision } = await here.execute(row, '1', take('ann', 'a'), context('key'));
    t.equal(revision, 0);
    t.equal((await logOf(memory)).length, 1);
  });

  t.test('is unavailable in the end; sent again, the outcome is known', async (t) => {
    let down = true;
    const memory = createMemoryEventStore();
    const { store, calls } = observed(memory, { lost: () => down });
    const { here } = processes(store);
    await t.rejects(here.execute(row, '1', take('ann', 'a'), context('key')), {
      code: 'unavailable',
      extras: { retryAfterSeconds: 2 },
    });
    t.equal(calls.append, 6);
    down = false;
    t.equal((await here.execute(row, '1', take('ann', 'a'), context('key'))).repeated, true);
    t.equal((await logOf(memory)).length, 1);
  });

  t.test('keeps nobody waiting behind it for longer than the deadline', async (t) => {
    const clock = fakeClock(start);
    const { store, calls } = observed(createMemoryEventStore(), {
      append: async () => {
        clock.advance(4_000);
        throw new StoreUnavailable('down');
      },
    });
    const here = createExecutor({ store, bus: silence, clock, catalogue, timing });
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((seat) => here.execute(row, '1', take('ann', seat), context(seat))),
    );
    t.same(
      outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code),
      ['unavailable', 'too_much_contention', 'too_much_contention'],
    );
    t.equal(calls.append, 3);
  });
});

t.test('writers that keep overtaking', async (t) => {
  t.test('are waited out', async (t) => {
    const memory = createMemoryEventStore();
    const { there } = processes(memory);
    let rivals = 5;
    const { store } = observed(memory, {
      append: async () => {
        if (rivals-- > 0) await there.execute(row, '1', take('bob', `b${rivals}`), context(undefined));
      },
    });
    const { here } = processes(store);
    t.equal((await here.execute(row, '1', take('ann', 'a'), context('key'))).revision, 5);
  });

  t.test('are too much in the end, and nothing is written', async (t) => {
    const memory = createMemoryEventStore();
    const { there } = processes(memory);
    let rivals = 0;
    const { store } = observed(memory, {
      append: async () => void (await there.execute(row, '1', take('bob', `b${rivals++}`), context(undefined))),
    });
    const { here } = processes(store);
    await t.rejects(here.execute(row, '1', take('ann', 'a'), context('key')), { code: 'too_much_contention' });
    t.notOk((await here.load(row, '1', { fresh: true })).state.a);
  });
});

t.test('commands on one hot stream queue in this process instead of conflicting', async (t) => {
  const { store, calls } = observed(createMemoryEventStore());
  const { here } = processes(store);
  const seats = Array.from({ length: 200 }, (_, n) => `s${n}`);
  const answers = await Promise.all(seats.map((seat) => here.execute(row, '1', take('ann', seat), context(seat))));
  t.same(
    answers.map(({ revision }) => revision),
    [...seats.keys()],
  );
  t.equal(calls.append, 200);
  const rivals = await Promise.allSettled(
    seats.map((_, n) => here.execute(row, '1', take(`u${n}`, 'hot'), context(`u${n}`))),
  );
  t.equal(rivals.filter(({ status }) => status === 'fulfilled').length, 1);
  t.equal(calls.append, 201);
});

t.test('an event that its own schema forbids is a bug, and stays out of the log', async (t) => {
  const { here, store } = processes();
  const broken = { ...row, decide: () => [{ type: SeatTaken.type, data: { seat: 1, by: 'ann' } }] };
  await t.rejects(here.execute(broken as never, '1', take('ann', 'a') as never, context('key')), InvalidEvent);
  t.equal((await logOf(store)).length, 0);
});

t.test('old events are lifted as they are read', async (t) => {
  const { here, store } = processes();
  const { commandId, fingerprint } = context('old');
  const metadata = { ...(await old(here)).metadata, command_id: commandId, fingerprint };
  await store.append('row-2', 'no_stream', [
    { id: 'old', type: 'row.seat-taken.v1', data: { place: 'a', by: 'ann' }, metadata },
  ]);
  t.same((await here.load(row, '2')).state, { a: 'ann' });
  const again = await here.execute(row, '2', take('ann', 'a'), context('old'));
  t.same([again.events[0]?.type, again.events[0]?.data], ['row.seat-taken.v2', { seat: 'a', by: 'ann' }]);
});

async function old(executor: ReturnType<typeof processes>['here']) {
  const { events } = await executor.execute(row, '1', take('ann', 'a'), context('any'));
  return events[0]!;
}
