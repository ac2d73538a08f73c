import { sql } from 'kysely';
import t from 'tap';
import { startEngine } from './engine.ts';
import { countersAt, dump, testEngine, totals, until } from './testing.ts';

t.test('rows follow the log: what stood there before, what comes, what is taken back', async (t) => {
  const product = await testEngine(t);
  await product.count('a', 1);
  await product.append('counter.incremented.v1', { id: 'a' });
  const engine = await startEngine([countersAt(1)], product);
  await product.count('a', 3);
  await product.count('b', 5);
  await product.append('counter.reset.v1', { id: 'b' });
  await product.reached('counters', await product.count('c', 7));
  t.same(await totals(product.db), { a: 5, c: 7 }, 'an old event counts as its newest version');
  t.match(await dump(product.db, 'counters'), [/"note":"before: 2"/, /"note":null,"seen":\[6\]/]);
  t.match(engine.statuses, [{ consumer: 'counters', state: 'following', position: 6n, failures: 0, behindMs: 0 }]);
  await engine.stop();
  t.match(engine.statuses, [{ state: 'stopped' }]);
});

t.test('a restart goes on from the checkpoint, also past events that nobody wanted', async (t) => {
  const product = await testEngine(t);
  const engine = await startEngine([countersAt(1)], product);
  await product.count('a');
  await product.reached('counters', await product.append('something.else.v1', { id: 'a' }));
  await until(async () => (await checkpoint(product.db)) === '2');
  await engine.stop();
  const last = await product.count('a');
  const again = await startEngine([countersAt(1)], product);
  await product.reached('counters', last);
  t.match(await dump(product.db, 'counters'), [/"total":2.*"seen":\[1,3\]/]);
  await again.stop();
});

t.test('a batch that does not go through shows, is tried again, and is lost in no part', async (t) => {
  const product = await testEngine(t);
  const engine = await startEngine([countersAt(1)], product);
  await product.reached('counters', await product.count('a'));
  await sql`alter table read.counters add constraint fault check (total < 2)`.execute(product.db);
  const last = await product.count('a');
  await until(() => engine.statuses[0]!.failures >= 2);
  t.match(engine.statuses, [{ state: 'failing', position: 1n }]);
  t.match(product.errors, [{ consumer: 'counters', failures: 1, position: '1' }]);
  t.same(await totals(product.db), { a: 1 });
  await sql`alter table read.counters drop constraint fault`.execute(product.db);
  await product.reached('counters', last);
  t.same(await totals(product.db), { a: 2 });
  t.match(engine.statuses, [{ state: 'following', failures: 0 }]);
  await engine.stop();
});

t.test('two processes that start at once make the tables once', async (t) => {
  const product = await testEngine(t);
  const engines = await Promise.all(
    [product, product.another(), product.another()].map((deps) => startEngine([countersAt(1)], deps)),
  );
  await product.reached('counters', await product.count('a'));
  t.same(await totals(product.db), { a: 1 });
  t.equal(engines.filter(({ statuses }) => statuses[0]!.state === 'following').length, 1, 'one of them leads');
  await Promise.all(engines.map((engine) => engine.stop()));
  t.same(product.errors, []);
});

async function checkpoint(db: Parameters<typeof dump>[0]): Promise<string> {
  const { rows } = await sql<{ position: string }>`select position from read.checkpoints`.execute(db);
  return rows[0]!.position;
}
