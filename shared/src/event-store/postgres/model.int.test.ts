import { deepEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createPool } from '../../postgres/pool.ts';
import { testDatabase } from '../../testing/database.ts';
import { event, logAfter, mark, newStream, streamOf } from '../contract/check.ts';
import { createMemoryEventStore } from '../memory.ts';
import { EventIdTaken, type EventStore, type ExpectedRevision } from '../port.ts';
import { createPostgresEventStore } from './store.ts';

/** Few streams and few ids, so that appends meet, repeat each other in part, and take each other's ids. */
const append = fc.record({
  stream: fc.nat(2),
  expected: fc.oneof(fc.constantFrom<ExpectedRevision>('no_stream', 'any'), fc.nat(4)),
  ids: fc.uniqueArray(fc.nat(7), { maxLength: 3 }),
});

t.test('whatever is appended, Postgres and memory judge it alike and end with the same log', async (t) => {
  const { url } = await testDatabase(t);
  const pool = createPool(url, { max: 2 });
  const store = await createPostgresEventStore({ pool });
  t.teardown(async () => {
    await store.close();
    await pool.end();
  });
  const property = fc.asyncProperty(fc.array(append, { maxLength: 14 }), async (appends) => {
    const memory = createMemoryEventStore();
    const streams = Array.from({ length: 3 }, newStream);
    const ids = Array.from({ length: 8 }, () => randomUUID());
    const start = await mark(store);
    for (const { stream, expected, ids: chosen } of appends) {
      const events = chosen.map((index) => event({ id: ids[index]! }));
      const [one, other] = await Promise.all([store, memory].map((s) => judged(s, streams[stream]!, expected, events)));
      deepEqual(one, other);
    }
    for (const streamId of streams)
      deepEqual(idsOf(await streamOf(store, streamId)), idsOf(await streamOf(memory, streamId)));
    deepEqual(idsOf((await logAfter(store, start)).events), idsOf((await logAfter(memory, 0n)).events));
  });
  await t.resolves(fc.assert(property, { numRuns: 60, seed: 20300501 }));
});

/** What an append was answered, without positions: those differ, for Postgres leaves holes. */
async function judged(store: EventStore, ...append: Parameters<EventStore['append']>): Promise<unknown> {
  try {
    return (await store.append(...append)).revision;
  } catch (error) {
    if (error instanceof EventIdTaken) return [error.eventId, error.existing.streamId, error.existing.revision];
    return (error as Error).name;
  }
}

function idsOf(events: readonly { id: string }[]): string[] {
  return events.map(({ id }) => id);
}
