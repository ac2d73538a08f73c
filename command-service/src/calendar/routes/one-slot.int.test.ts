import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { createPostgresEventStore } from '@agentcal/shared/event-store/postgres/store';
import { testDatabase } from '@agentcal/shared/testing/database';
import t, { type Test } from 'tap';
import { openShop } from '../http.fixture.ts';

const requests = 200;

async function everybodyWantsIt(t: Test, store: EventStore) {
  const { send, account, booking } = await openShop(t, { store });
  const answers = await Promise.all(
    Array.from({ length: requests }, (_, index) =>
      send(
        'POST',
        `${account}/bookings`,
        booking({ attendee: { email: `caller${index}@example.test`, name: 'Caller' } }),
      ),
    ),
  );
  const refused = answers.filter(({ status }) => status !== 201);
  t.equal(refused.length, requests - 1, 'one of them has it');
  t.ok(
    refused.every(({ status, body }) => status === 409 && body.code === 'slot_taken' && body.alternatives.length === 3),
  );
  const { events } = await store.readAll({ after: 0n, maxCount: 1_000 });
  t.equal(events.filter(({ type }) => type === 'calendar.booking-created.v1').length, 1);
}

t.test('200 requests at once for one slot, in memory', (t) => everybodyWantsIt(t, createMemoryEventStore()));

t.test('200 requests at once for one slot, in Postgres', async (t) => {
  const { pool } = await testDatabase(t);
  const store = await createPostgresEventStore({ pool });
  t.teardown(() => store.close());
  await everybodyWantsIt(t, store);
});
