import { sql } from 'kysely';
import t from 'tap';
import { type CommitBatch, commitBatch } from './commit.ts';
import { startEngine } from './engine.ts';
import { openLive } from './open.ts';
import { Fenced } from './storage/port.ts';
import { countersAt, testEngine, totals, until } from './testing.ts';

t.test('when the leader stops, another takes over where it was', async (t) => {
  const product = await testEngine(t);
  const first = await startEngine([countersAt(1)], product);
  await product.reached('counters', await product.count('a'));
  const second = await startEngine([countersAt(1)], product.another());
  await first.stop();
  await product.reached('counters', await product.count('a'));
  t.same(await totals(product.db), { a: 2 });
  t.equal(second.statuses[0]!.state, 'following');
  await second.stop();
});

t.test(
  'when its lock connection dies in the middle of a batch, the old leader is out before the new one writes',
  async (t) => {
    const product = await testEngine(t);
    const { promise: paused, resolve: pausedNow } = Promise.withResolvers<void>();
    const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>();
    const late: { fenced?: unknown } = {};
    // The old leader has read its batch and is about to commit it when everything stops for it.
    const slowCommit: CommitBatch = async (...call) => {
      pausedNow();
      await goOn;
      return await commitBatch(...call).catch((error) => {
        late.fenced = error;
        throw error;
      });
    };
    const old = await startEngine([countersAt(1)], { ...product, commit: slowCommit });
    const first = await product.count('a');
    await paused;

    const fresh = await startEngine([countersAt(1)], product.another());
    await endWhoHoldsLocks(product.db);
    await product.reached('counters', first);
    t.same(await totals(product.db), { a: 1 }, 'the new leader has applied it');
    letGo();
    await until(() => late.fenced !== undefined);
    t.type(late.fenced, Fenced);
    t.same(await totals(product.db), { a: 1 }, 'and the old one could not do it again');

    await product.reached('counters', await product.count('a'));
    t.same(await totals(product.db), { a: 2 });
    await Promise.all([old.stop(), fresh.stop()]);
  },
);

t.test(
  'whoever takes the seat waits for a batch that is just committing, and then fences the one before',
  async (t) => {
    const product = await testEngine(t);
    const { storage } = product;
    await storage.prepare();
    await openLive(storage, countersAt(1));
    const before = await storage.takeSeat('counters', 'live');
    const nothing = { events: [], position: 5n };
    const moved = await commitBatch(storage, countersAt(1), before, nothing);
    await t.rejects(commitBatch(storage, countersAt(1), before, nothing), Fenced, 'the checkpoint has moved');
    const after = await storage.takeSeat('counters', 'live');
    t.equal(after.position, 5n);
    await t.rejects(
      commitBatch(storage, countersAt(1), moved, { events: [], position: 6n }),
      Fenced,
      'the seat is taken',
    );
    await commitBatch(storage, countersAt(1), after, { events: [], position: 6n });
  },
);

t.test('a leader whose lock connection dies goes on once it has the lock again', async (t) => {
  const product = await testEngine(t);
  const engine = await startEngine([countersAt(1)], product);
  await product.reached('counters', await product.count('a'));
  await endWhoHoldsLocks(product.db);
  await product.reached('counters', await product.count('a'));
  t.same(await totals(product.db), { a: 2 });
  await engine.stop();
});

/** In this test's database: other tests hold locks of theirs on the same server. */
async function endWhoHoldsLocks(db: Parameters<typeof totals>[0]): Promise<void> {
  await sql`
    select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
    where d.datname = current_database() and l.locktype = 'advisory' and l.granted`.execute(db);
}
