import { startDouble } from '@agentcal/shared/event-store/eventstoredb/double/start';
import { createEventStoreDb } from '@agentcal/shared/event-store/eventstoredb/store';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { createPostgresEventStore } from '@agentcal/shared/event-store/postgres/store';
import { testDatabase } from '@agentcal/shared/testing/database';
import t, { type Test } from 'tap';
import { testService } from '../testing.ts';
import { audited, openTeamShop, sound } from './http.fixture.ts';

/** Each opens the same log twice, as two processes would. */
const engines: Record<string, (t: Test) => Promise<[EventStore, EventStore]>> = {
  memory: async () => {
    const store = createMemoryEventStore();
    return [store, store];
  },
  Postgres: async (t) => {
    const { pool } = await testDatabase(t);
    return [await createPostgresEventStore({ pool }), await createPostgresEventStore({ pool })];
  },
  'the double of EventStoreDB': async (t) => {
    const double = await startDouble();
    t.teardown(() => double.close());
    return [await createEventStoreDb({ url: double.url }), await createEventStoreDb({ url: double.url })];
  },
};

for (const [name, open] of Object.entries(engines)) {
  t.test(`everybody at once, on ${name}`, async (t) => {
    const [store, other] = await open(t);
    t.teardown(() => Promise.all([store.close(), other.close()]));
    const shop = await openTeamShop(t, { store });
    const { account, booking, team, anyone, users, key, define } = shop;
    const second = await testService(t, { store: other, vault: shop.vault });
    const at = (hour: number) => `2030-05-03T${String(hour).padStart(2, '0')}:00:00Z`;
    const send = (n: number, event_type_id: string, start_time: string, idempotencyKey = `${event_type_id}-${n}`) =>
      (n % 2 === 0 ? shop : second).call('POST', `${account}/bookings`, {
        key,
        body: booking({ event_type_id, user_id: undefined, start_time }),
        headers: { 'idempotency-key': idempotencyKey },
      });
    const statuses = (answers: readonly { status: number }[]) => {
      return Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([k, all]) => [k, all.length]));
    };

    t.test('50 want the same three hosts at the same time: one has them', async (t) => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => send(n, team, at(9))));
      t.same(statuses(answers), { 201: 1, 409: 49 });
      t.ok(answers.every(({ status, body }) => status === 201 || body.code === 'slot_taken'));
      t.match(await audited(store), { ...sound, bookings: 1 });
    });

    t.test('30 want any of three hosts: three of them have one', async (t) => {
      const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => send(n, anyone, at(10))));
      t.same(statuses(answers), { 201: 3, 409: 27 });
      const hosts = answers.flatMap(({ status, body }) => (status === 201 ? [body.user_id] : []));
      t.same(hosts.sort(), users.toSorted());
      t.match(await audited(store), { ...sound, bookings: 4 });
    });

    t.test('teams that share hosts, named in opposite orders, do not undo each other', async (t) => {
      const pairs = users.map((user_id, n) => [user_id, users[(n + 1) % 3]!]);
      const types = await Promise.all(
        [...pairs, ...pairs.map((pair) => pair.toReversed())].map((pair) =>
          define({ assignment: 'collective', hosts: pair.map((user_id) => ({ user_id })) }),
        ),
      );
      const answers = await Promise.all(
        Array.from({ length: 24 }, (_, n) => send(n, types[n % types.length]!, at(11))),
      );
      t.same(statuses(answers), { 201: 1, 409: 23 }, 'of three hosts there is one pair');
      t.match(await audited(store), { ...sound, bookings: 5 });
    });

    t.test('one request, sent to both processes many times at once, is one booking', async (t) => {
      const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => send(n, team, at(13), 'the-same')));
      t.same(statuses(answers), { 201: 12 });
      t.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1);
      t.match(await audited(store), { ...sound, bookings: 6 });
    });
  });
}
