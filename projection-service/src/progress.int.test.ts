import { createLocalBus } from '@agentcal/shared/bus/local';
import { testDatabase } from '@agentcal/shared/testing/database';
import { Kysely, PostgresDialect, sql } from 'kysely';
import t from 'tap';
import { createCheckpoints } from './engine/checkpoints.ts';
import { createProgress } from './progress.ts';

async function setUp(t: { teardown(handler: () => Promise<void>): unknown }) {
  const { pool } = await testDatabase(t);
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  await createCheckpoints(db);
  const bus = createLocalBus();
  const progress = createProgress({ db, bus, pollMs: 10 });
  t.teardown(async () => progress.close());
  const reach = (consumer: string, position: number) =>
    sql`
    insert into read.checkpoints (consumer, slot, version, position, tables) values (${consumer}, 'live', 1, ${position}, '{}')
    on conflict (consumer, slot) do update set position = excluded.position`.execute(db);
  return { bus, progress, reach };
}

t.test('what the bus says is known without asking, and never taken back', async (t) => {
  const { bus, progress } = await setUp(t);
  t.equal(progress.known(['bookings']), 0n);
  bus.publish('projection.advanced', { projection: 'bookings', position: '7' });
  bus.publish('projection.advanced', { projection: 'bookings', position: '5' });
  bus.publish('projection.advanced', { projection: 'accounts', position: '3' });
  t.ok(await progress.reached(['bookings', 'accounts'], 3n, 1_000));
  t.equal(progress.known(['bookings']), 7n);
  t.equal(progress.known(['bookings', 'accounts']), 3n, 'several are as far as the last of them');
});

t.test('where the bus is silent, the checkpoints are asked while somebody waits', async (t) => {
  const { progress, reach } = await setUp(t);
  await reach('bookings', 4);
  t.ok(await progress.reached(['bookings'], 4n, 5_000));
  const later = progress.reached(['bookings', 'accounts'], 9n, 5_000);
  await reach('bookings', 9);
  await reach('accounts', 12);
  t.ok(await later);
});

t.test('whoever waits too long is told so', async (t) => {
  const { progress, reach } = await setUp(t);
  await reach('bookings', 4);
  t.notOk(await progress.reached(['bookings'], 5n, 50));
  t.ok(await progress.reached([], 5n, 50), 'nothing has nothing to wait for');
});
