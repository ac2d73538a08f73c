import { sql } from 'kysely';
import t from 'tap';
import { nextName } from './build.ts';
import { rebuild } from './by-hand.ts';
import { type CommitBatch, commitBatch } from './commit.ts';
import { startEngine } from './engine.ts';
import { Fenced } from './storage/port.ts';
import { countersAt, dump, testEngine, totals, until } from './testing.ts';

const noEnd = new AbortController().signal;

t.test('a rebuild on a running product comes back equal, byte for byte, and the product goes on with it', async (t) => {
  const product = await testEngine(t);
  const engine = await startEngine([countersAt(1)], product);
  for (let n = 1; n <= 50; n++) await product.count(`c${n % 7}`, n);
  await product.append('counter.reset.v1', { id: 'c3' });
  await product.reached('counters', await product.count('c3', 1));
  const live = await dump(product.db, 'counters');
  const oid = await tableOid(product.db);

  await rebuild(countersAt(1), product.another(), noEnd);
  t.not(await tableOid(product.db), oid, 'it is another table');
  t.same(await dump(product.db, 'counters'), live);

  await product.reached('counters', await product.count('c3', 1));
  t.match(await totals(product.db), { c3: 2 });
  await engine.stop();
  t.same(product.errors, []);
});

t.test('a row that nobody folded is gone after a rebuild', async (t) => {
  const product = await testEngine(t);
  const engine = await startEngine([countersAt(1)], product);
  await product.reached('counters', await product.count('a'));
  await sql`update read.counters set total = 99`.execute(product.db);
  await rebuild(countersAt(1), product.another(), noEnd);
  t.same(await totals(product.db), { a: 1 });
  await engine.stop();
});

t.test('a new version builds beside the live one, takes its place, and the old one rests', async (t) => {
  const product = await testEngine(t);
  const old = await startEngine([countersAt(1)], product);
  await product.reached('counters', await product.count('a', 3));
  const fresh = await startEngine([countersAt(2)], product.another());
  await until(async () => (await totals(product.db)).a === 6);
  await product.reached('counters', await product.count('a', 1));
  t.same(await totals(product.db), { a: 8 });
  await until(() => old.statuses[0]!.state === 'superseded');
  t.same(await schemas(product.db), ['read'], 'nothing is left of the building');
  await Promise.all([old.stop(), fresh.stop()]);
  t.same(product.errors, []);
});

t.test('an older version never takes over by itself, and does by hand', async (t) => {
  const product = await testEngine(t);
  const fresh = await startEngine([countersAt(2)], product);
  await product.reached('counters', await product.count('a', 3));
  await fresh.stop();
  const old = await startEngine([countersAt(1)], product);
  await until(() => old.statuses[0]!.state === 'superseded');
  t.same(await totals(product.db), { a: 6 });
  await old.stop();
  await rebuild(countersAt(1), product.another(), noEnd);
  t.same(await totals(product.db), { a: 3 });
});

t.test('a build that was interrupted goes on; by hand it begins again; two at once are refused', async (t) => {
  const product = await testEngine(t);
  const old = await startEngine([countersAt(1)], product);
  await product.reached('counters', await product.count('a', 3));
  await old.stop();
  const broken = await startEngine([countersAt(2)], {
    ...product,
    commit: async () => {
      throw new Error('the machine is full');
    },
  });
  await until(() => broken.statuses[0]!.failures > 0);
  await broken.stop();
  t.same(await schemas(product.db), ['read', 'read_next_counters'], 'readers still have the old version');
  t.same(await totals(product.db), { a: 3 });

  const lease = await product.leadership.tryLead(nextName(countersAt(2)));
  await t.rejects(rebuild(countersAt(2), product.another(), noEnd), /being built already/);
  await lease!.release();
  await rebuild(countersAt(2), product.another(), noEnd);
  t.same(await totals(product.db), { a: 6 });
});

t.test('whoever has lost the build to somebody else does not put what that one has built in its place', async (t) => {
  const product = await testEngine(t);
  const engine = await startEngine([countersAt(1)], product);
  await product.reached('counters', await product.count('a', 3));
  await engine.stop();
  const oid = await tableOid(product.db);
  const overtaken: CommitBatch = async (storage, ...batch) => {
    const seat = await commitBatch(storage, ...batch);
    await storage.takeSeat('counters', 'next');
    return seat;
  };
  await t.rejects(rebuild(countersAt(1), { ...product.another(), commit: overtaken }, noEnd), Fenced);
  t.same(await tableOid(product.db), oid, 'the live table is as it was');
  await rebuild(countersAt(1), product.another(), noEnd);
  t.same(await totals(product.db), { a: 3 });
});

async function tableOid(db: Parameters<typeof dump>[0]): Promise<unknown> {
  return (await sql`select 'read.counters'::regclass::oid::int as oid`.execute(db)).rows[0];
}

async function schemas(db: Parameters<typeof dump>[0]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select nspname as name from pg_namespace where nspname like 'read%' order by 1`.execute(db);
  return rows.map(({ name }) => name);
}
