import { sql } from 'kysely';
import t from 'tap';
import { rebuild } from './by-hand.ts';
import { type AnyTransaction, defineReaction, type Reaction, type ReactionBatch } from './consumer.ts';
import { startEngine } from './engine.ts';
import { Counted, countersAt, Reset, testEngine, until } from './testing.ts';

/** Writes down what it is told, and the total that the read model showed it then. */
function diary(version: number, fails: () => boolean = () => false): Reaction {
  return defineReaction({
    name: 'diary',
    version,
    definitions: [Counted, Reset],
    events: { 'counter.counted.v2': 'wanted', 'counter.reset.v1': 'ignored' },
    after: [countersAt(1)],
    setup: async (trx) => {
      await sql`create table if not exists diary (n serial, event text, total int, quiet boolean)`.execute(trx);
    },
    apply: async (trx, batch) => {
      await write(trx, batch);
      if (fails()) throw new Error('not now');
    },
  });
}

async function write(trx: AnyTransaction, { events, quiet }: ReactionBatch): Promise<void> {
  for (const { id } of events) {
    await sql`insert into diary (event, total, quiet) select ${id}, total, ${quiet} from read.counters`.execute(trx);
  }
}

async function pages(db: Parameters<typeof write>[0]) {
  return (await sql`select event, total, quiet from diary order by n`.execute(db)).rows as {
    event: string;
    total: number;
    quiet: boolean;
  }[];
}

t.test('a reaction sees each event once, after the projections that it reads', async (t) => {
  const product = await testEngine(t);
  const reacting = await startEngine([diary(1)], product);
  await product.count('a', 1);
  const last = await product.count('a', 2);
  t.notOk(await product.progress.reached(['diary'], 1n, 100), 'the projection has not run yet');
  const folding = await startEngine([countersAt(1)], product.another());
  await product.reached('diary', last);
  t.same(await pages(product.db as never), [
    { event: 'event-1', total: 3, quiet: false },
    { event: 'event-2', total: 3, quiet: false },
  ]);
  await Promise.all([reacting.stop(), folding.stop()]);
});

t.test('what a failing batch has written is not there', async (t) => {
  const product = await testEngine(t);
  let failures = 2;
  const engine = await startEngine([countersAt(1), diary(1, () => failures-- > 0)], product);
  await product.reached('diary', await product.count('a'));
  t.equal((await pages(product.db as never)).length, 1);
  t.equal(product.errors.length, 2);
  await engine.stop();
});

t.test('a new version goes through the log again, quietly up to where the old one was', async (t) => {
  const product = await testEngine(t);
  const old = await startEngine([countersAt(1), diary(1)], product);
  await product.count('a');
  await product.reached('diary', await product.count('a'));
  await old.stop();
  const last = await product.count('a');
  const fresh = await startEngine([countersAt(1), diary(2)], product.another());
  await product.reached('diary', last);
  await until(async () => (await pages(product.db as never)).length === 5);
  t.same(
    (await pages(product.db as never)).slice(2).map(({ event, quiet }) => [event, quiet]),
    [
      ['event-1', true],
      ['event-2', true],
      ['event-3', false],
    ],
  );
  await fresh.stop();
});

t.test('started over by hand on a running product, it repeats nothing aloud', async (t) => {
  const product = await testEngine(t);
  const engine = await startEngine([countersAt(1), diary(1)], product);
  await product.reached('diary', await product.count('a'));
  await rebuild(diary(1), product.another(), new AbortController().signal);
  await product.count('b');
  await until(async () => (await pages(product.db as never)).some(({ event }) => event === 'event-2'));
  const events = (await pages(product.db as never)).map(({ event, quiet }) => `${event} ${quiet}`);
  t.same([...new Set(events)], ['event-1 false', 'event-1 true', 'event-2 false']);
  await engine.stop();
});
