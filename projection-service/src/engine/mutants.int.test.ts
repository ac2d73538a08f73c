import { sql } from 'kysely';
import t from 'tap';
import { apply, type CommitBatch, commitBatch } from './commit.ts';
import { startEngine } from './engine.ts';
import { openLive } from './open.ts';
import { countersAt, type TestEngine, testEngine, totals } from './testing.ts';

/** Engines with a fault, each of which the checks below have to find. */
const mutants: Readonly<Record<string, CommitBatch>> = {
  'the checkpoint before the rows': async (storage, consumer, seat, batch) => {
    const moved = await storage.moveSeat(seat, batch.position);
    await storage.transaction((trx) => apply(trx, consumer, seat, batch));
    return moved;
  },
  'the rows before the checkpoint': async (storage, consumer, seat, batch) => {
    await storage.transaction((trx) => apply(trx, consumer, seat, batch));
    return await storage.moveSeat(seat, batch.position);
  },
  'no look at who has the seat': async (storage, consumer, seat, batch) =>
    await storage.transaction(async (trx) => {
      await apply(trx, consumer, seat, batch);
      await sql`update read.checkpoints set position = ${batch.position}`.execute(trx.native as never);
      return { ...seat, position: batch.position };
    }),
};

t.test('the engine neither loses nor repeats a batch, and fences whoever led before', async (t) => {
  t.ok(await survivesCrashes(await testEngine(t), commitBatch));
  t.ok(await fencesOldLeader(await testEngine(t), commitBatch));
});

for (const [fault, commit] of Object.entries(mutants)) {
  t.test(`an engine with a fault is found out: ${fault}`, async (t) => {
    const sound =
      (await survivesCrashes(await testEngine(t), commit)) && (await fencesOldLeader(await testEngine(t), commit));
    t.notOk(sound);
  });
}

/** Two crashes: at the first step that a batch takes, and then between its steps. Sequences survive a rollback. */
async function survivesCrashes(product: TestEngine, commit: CommitBatch): Promise<boolean> {
  await product.storage.prepare();
  await openLive(product.storage, countersAt(1));
  await sql`
    create sequence steps;
    create function crash() returns trigger language plpgsql as $$
      begin
        if nextval('steps') in (1, 3) then raise exception 'crash'; end if;
        return new;
      end $$;
    create trigger crash before insert on read.counters for each statement execute function crash();
    create trigger crash before update on read.checkpoints for each row
      when (old.position <> new.position) execute function crash()`.execute(product.db);
  await product.count('a', 1);
  const engine = await startEngine([countersAt(1)], { ...product, commit });
  await product.reached('counters', await product.count('b', 1));
  const found = await totals(product.db);
  await engine.stop();
  return found.a === 1 && found.b === 1;
}

async function fencesOldLeader(product: TestEngine, commit: CommitBatch): Promise<boolean> {
  await product.storage.prepare();
  await openLive(product.storage, countersAt(1));
  const old = await product.storage.takeSeat('counters', 'live');
  await product.storage.takeSeat('counters', 'live');
  return await commit(product.storage, countersAt(1), old, { events: [], position: 1n }).then(
    () => false,
    () => true,
  );
}
