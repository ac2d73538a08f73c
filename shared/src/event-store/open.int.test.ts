import t from 'tap';
import { createLocalBus } from '../bus/local.ts';
import { testDatabase } from '../testing/database.ts';
import { event, newStream, streamOf } from './contract/check.ts';
import { startDouble } from './eventstoredb/double/start.ts';
import { openEventStore } from './open.ts';

const log = { info() {}, warn() {} };

/** Whatever loads the client leaves its messages in the global namespace. */
const clientIsLoaded = () => 'proto' in globalThis;

t.test('without a URL the log is in Postgres, and the client of EventStoreDB is not loaded', async (t) => {
  const { pool } = await testDatabase(t);
  const bus = createLocalBus();
  const store = await openEventStore({ pool, bus, log });
  await store.append(newStream(), 'no_stream', [event()]);
  t.same([store.uniqueEventIds, clientIsLoaded()], [true, false]);
  await store.close();
  await bus.close();
});

t.test('with a URL the log is there', async (t) => {
  const { pool } = await testDatabase(t);
  const double = await startDouble();
  const bus = createLocalBus();
  const store = await openEventStore({ eventstoreUrl: double.url, pool, bus, log });
  const streamId = newStream();
  await store.append(streamId, 'no_stream', [event()]);
  t.same([store.uniqueEventIds, clientIsLoaded()], [false, true]);
  t.equal((await streamOf(store, streamId)).length, 1);
  const { rows } = await pool.query("SELECT 1 FROM information_schema.schemata WHERE schema_name = 'log'");
  t.same(rows, [], 'and nothing of it is in Postgres');
  await store.close();
  await bus.close();
  await double.close();
});
