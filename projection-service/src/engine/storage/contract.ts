import type { Test } from 'tap';
import type { Row } from '../fold.ts';
import { defineTable, instant, integer, json, nullable, text } from '../table.ts';
import { Fenced, type Seat, type Storage } from './port.ts';

const shape = defineTable(
  'rows',
  { id: text, part: integer, at: nullable(instant), seen: json<readonly number[]>() },
  { key: ['id', 'part'], indexes: [['at']] },
);
const first = { id: 'a', part: 1, at: Date.parse('2026-03-29T01:30:00.500Z'), seen: [1, 2] };
const second = { id: 'a', part: 2, at: null, seen: [] };
const schema = 'read';

/** What every storage has to hold. `open` answers an empty one, as two processes have it. */
export function storageContract(t: Test, open: (t: Test) => Promise<readonly [Storage, Storage]>): void {
  const withTable = async (t: Test) => {
    const [storage, other] = await open(t);
    await storage.prepare();
    const seat = await storage.transaction(async (trx) => {
      await trx.lockSetup();
      await trx.createTable(schema, shape);
      await trx.createIndexes(schema, shape);
      return await trx.createSeat({ consumer: 'one', slot: 'live', version: 1, tables: ['rows'] });
    });
    return { storage, other, seat };
  };
  const keys = [first, second, { id: 'b', part: 1 }].map(({ id, part }) => ({ id, part }));
  const rows = async (storage: Storage, where = schema): Promise<Row[]> => {
    const found = await storage.transaction((trx) => trx.loadRows(where, shape, keys));
    return found.sort((a, b) => Number(a.part) - Number(b.part));
  };
  const write = (storage: Storage, ...rows: Row[]) => storage.transaction((trx) => trx.upsertRows(schema, shape, rows));

  t.test('rows come back as they were written, changed and removed', async (t) => {
    const { storage, other } = await withTable(t);
    await write(storage, first, second);
    t.same(await rows(other), [first, second]);
    await write(storage, { ...second, seen: [3] });
    await storage.transaction((trx) => trx.deleteRows(schema, shape, [{ id: 'a', part: 1 }]));
    t.same(await rows(other), [{ ...second, seen: [3] }]);
  });

  t.test('new rows are added, and one that stands already is refused with all that came with it', async (t) => {
    const { storage, other } = await withTable(t);
    const insert = (...rows: Row[]) => storage.transaction((trx) => trx.insertRows(schema, shape, rows));
    await insert(first);
    await t.rejects(insert(second, first));
    t.same(await rows(other), [first]);
    await insert(second);
    await write(storage, { ...first, at: null });
    t.same(await rows(other), [{ ...first, at: null }, second]);
    await t.rejects(insert({ id: 'b', part: 1, at: null, seen: null }), /seen/, 'what has to be there is');
  });

  t.test('a transaction sees what it wrote, others see it at its end, and nobody where it fails', async (t) => {
    const { storage, other, seat } = await withTable(t);
    const fault = new Error('fault');
    const failing = storage.transaction(async (trx) => {
      await trx.upsertRows(schema, shape, [first]);
      await trx.moveSeat(seat, 5n);
      t.same(await trx.loadRows(schema, shape, keys), [first]);
      t.same(await rows(other), []);
      throw fault;
    });
    await t.rejects(failing, fault);
    t.same(await rows(other), []);
    t.equal((await other.findSeat('one', 'live'))?.position, 0n);
  });

  t.test('a seat is taken from whoever had it, and moves only from where it was', async (t) => {
    const { storage, other, seat } = await withTable(t);
    t.same(seat, {
      consumer: 'one',
      slot: 'live',
      version: 1,
      epoch: 0,
      position: 0n,
      quietUntil: 0n,
      tables: ['rows'],
    });
    const moved = await storage.moveSeat(seat, 3n);
    t.equal(moved.position, 3n);
    await t.rejects(storage.moveSeat(seat, 4n), Fenced);
    const taken = await other.takeSeat('one', 'live');
    t.match(taken, { epoch: 1, position: 3n });
    await t.rejects(storage.moveSeat(moved, 4n), Fenced);
    await t.rejects(
      storage.transaction((trx) => trx.holdSeat(moved, { waitsForDisk: true })),
      Fenced,
    );
    await t.resolves(other.transaction((trx) => trx.holdSeat(taken, { waitsForDisk: false })));
    await t.rejects(storage.takeSeat('two', 'live'), Fenced);
    t.equal(await storage.findSeat('one', 'next'), undefined);
  });

  t.test('whoever takes a seat waits for a batch that is being committed', async (t) => {
    const { storage, other, seat } = await withTable(t);
    const held = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const committing = storage.transaction(async (trx) => {
      await trx.holdSeat(seat, { waitsForDisk: false });
      held.resolve();
      await goOn.promise;
      return await trx.moveSeat(seat, 7n);
    });
    await held.promise;
    const taking = other.takeSeat('one', 'live');
    const early = await Promise.race([taking, new Promise((resolve) => setTimeout(resolve, 20, 'still waiting'))]);
    t.equal(early, 'still waiting');
    goOn.resolve();
    await committing;
    t.match(await taking, { epoch: 1, position: 7n });
  });

  t.test('a reaction starts over, and what it has reacted to is quiet', async (t) => {
    const { storage, seat } = await withTable(t);
    await storage.moveSeat(seat, 9n);
    const again = await storage.transaction((trx) => trx.restartSeat(seat, 2));
    t.match(again, { version: 2, epoch: 1, position: 0n, quietUntil: 9n });
    t.equal((await storage.transaction((trx) => trx.restartSeat(seat, 3))).quietUntil, 9n, 'the furthest counts');
  });

  t.test('a version that was built beside the live one takes its place', async (t) => {
    const { storage, other } = await withTable(t);
    await write(storage, first);
    const built: Seat = await storage.transaction(async (trx) => {
      await trx.createSchema('read_next_one');
      await trx.createTable('read_next_one', shape);
      await trx.upsertRows('read_next_one', shape, [second]);
      return await trx.createSeat({ consumer: 'one', slot: 'next', version: 2, tables: ['rows'] });
    });
    t.same(await rows(other), [first]);
    const live = await storage.transaction(async (trx) => {
      await trx.limitLockWait(1_000);
      await trx.dropTable(schema, 'rows');
      await trx.moveTable('read_next_one', schema, 'rows');
      await trx.dropSchema('read_next_one');
      await trx.removeSeat('one', 'live');
      return await trx.promoteSeat(built, 6);
    });
    t.match(live, { slot: 'live', version: 2, epoch: 6 });
    t.same(await rows(other), [second]);
    t.equal(await other.findSeat('one', 'next'), undefined);
    await t.rejects(rows(other, 'read_next_one'));
  });
}
