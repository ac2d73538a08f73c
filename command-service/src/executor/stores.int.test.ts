import { createLocalBus } from '@agentcal/shared/bus/local';
import { startDouble } from '@agentcal/shared/event-store/eventstoredb/double/start';
import { createEventStoreDb } from '@agentcal/shared/event-store/eventstoredb/store';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { createPostgresEventStore } from '@agentcal/shared/event-store/postgres/store';
import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { systemClock } from '@agentcal/shared/kernel/time';
import { testDatabase } from '@agentcal/shared/testing/database';
import t, { type Test } from 'tap';
import { CommandReserved, SnapshotTaken } from './events.ts';
import { createExecutor } from './executor.ts';
import { context, row, SeatTaken, take } from './samples.ts';

/** Each opens the same log twice, as two processes would. */
const engines: Record<string, (t: Test) => Promise<EventStore[]>> = {
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
  t.test(`two processes on ${name}`, async (t) => {
    const stores = await open(t);
    // Before what the engine hangs on, which was asked to end first.
    t.teardown(() => Promise.all(stores.map((store) => store.close())));
    const catalogue = createCatalogue([SeatTaken, CommandReserved, SnapshotTaken]);
    const executors = stores.map((store) => {
      return createExecutor({ store, bus: createLocalBus(), clock: systemClock, catalogue });
    });
    const told = (key: string, fingerprint = key) => context(key, { fingerprint, at: systemClock.now() });
    const logged = async () => {
      const { state, revision } = await executors[0]!.load(row, '1', { fresh: true });
      return { taken: Object.keys(state).length, revision };
    };

    t.test('fill one row together: nothing is lost, nothing doubled', async (t) => {
      const seats = Array.from({ length: 20 }, (_, n) => `s${n}`);
      const answers = await Promise.all(
        seats.map((seat, n) => executors[n % 2]!.execute(row, '1', take('ann', seat), told(seat))),
      );
      t.same(
        answers.map(({ revision }) => revision).sort((a, b) => a - b),
        [...seats.keys()],
      );
      t.same(await logged(), { taken: 20, revision: 19 });
    });

    t.test('give one seat to one of many', async (t) => {
      const rivals = Array.from({ length: 20 }, (_, n) => `u${n}`);
      const outcomes = await Promise.allSettled(
        rivals.map((by, n) => executors[n % 2]!.execute(row, '1', take(by, 'hot'), told(by))),
      );
      const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      t.equal(refused.length, 19);
      t.ok(refused.every((error) => error instanceof Refusal && error.code === 'slot_taken'));
      t.same(await logged(), { taken: 21, revision: 20 });
    });

    t.test('make one command of one key', async (t) => {
      const twice = await Promise.all(executors.map((one) => one.execute(row, '1', take('ann', 'x', 'y'), told('xy'))));
      t.same(
        twice[0]!.events.map(({ id, data }) => [id, data]),
        twice[1]!.events.map(({ id, data }) => [id, data]),
      );
      const other = executors.map((one, n) => one.execute(row, `${n + 1}`, take('ann', 'z'), told('xy', 'z')));
      for (const refused of await Promise.allSettled(other)) {
        t.match(refused, { status: 'rejected', reason: { code: 'idempotency_key_reused' } });
      }
      t.same(await logged(), { taken: 23, revision: 22 });
    });

    t.test("begin with each other's snapshots", async (t) => {
      const long = { ...row, snapshots: { version: 1, everyEvents: 10 } };
      for (let n = 0; n < 40; n += 1) {
        await executors[n % 2]!.execute(long, '3', take('ann', `s${n}`), told(`long ${n}`));
      }
      const reads: string[] = [];
      const store: EventStore = {
        ...stores[0]!,
        async *readStream(...args) {
          for await (const event of stores[0]!.readStream(...args)) {
            reads.push(event.streamId);
            yield event;
          }
        },
      };
      const begun = createExecutor({ store, bus: createLocalBus(), clock: systemClock, catalogue });
      const { revision, state } = await begun.load(long, '3');
      t.same([revision, state], [39, (await executors[0]!.load(row, '3', { fresh: true })).state]);
      t.ok(reads.length < 30 && reads[0] === 'snapshot-row-3', String(reads));
    });
  });
}
