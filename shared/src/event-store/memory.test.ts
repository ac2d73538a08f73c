import t from 'tap';
import { event } from './contract/check.ts';
import { eventStoreContract } from './contract.ts';
import { createMemoryEventStore } from './memory.ts';

await eventStoreContract(t, 'memory', async () => {
  const store = createMemoryEventStore();
  return { store, teardown: () => store.close() };
});

t.test('two memory stores that are told the same hold the same', async (t) => {
  const told = async () => {
    const store = createMemoryEventStore({ clock: { now: () => Date.UTC(2030, 4, 1) } });
    await Promise.all([
      store.append('calendar-a', 'no_stream', [event({ id: 'one' })]),
      store.append('calendar-b', 'no_stream', [event({ id: 'two' }), event({ id: 'three' })]),
      store.append('calendar-a', 0, [event({ id: 'four' })]),
    ]);
    return store.readAll({ after: 0n, maxCount: 10 });
  };
  const log = await told();
  t.same(log, await told());
  t.same(
    log.events.map(({ id, position, recordedAt }) => [id, position, recordedAt]),
    ['one', 'two', 'three', 'four'].map((id, index) => [id, BigInt(index + 1), '2030-05-01T00:00:00.000Z']),
  );
});

t.test('an event that was read cannot be changed', async (t) => {
  const store = createMemoryEventStore();
  await store.append('calendar-a', 'no_stream', [event({ data: { guests: ['Ada'] } })]);
  const [read] = (await store.readAll({ after: 0n, maxCount: 1 })).events;
  const { guests } = read!.data as { guests: string[] };
  t.throws(() => guests.push('Grace'), TypeError);
});

t.test('a closed store ends its followers and refuses appends', async (t) => {
  const store = createMemoryEventStore();
  const following = store.follow({ after: 0n, maxCount: 1, signal: new AbortController().signal });
  const iterator = following[Symbol.asyncIterator]();
  t.same(await iterator.next(), { done: false, value: { events: [], position: 0n, caughtUp: true } });
  const ending = iterator.next();
  await store.close();
  t.equal((await ending).done, true);
  await t.rejects(store.append('calendar-a', 'no_stream', [event()]), { name: 'StoreUnavailable' });
});
