import t from 'tap';
import { storageContract } from './contract.ts';
import { createMemoryStorage } from './memory.ts';
import { Fenced } from './port.ts';

storageContract(t, async () => {
  const memory = createMemoryStorage();
  return [memory.connect(), memory.connect()];
});

t.test('a process that ends in the middle of a transaction leaves neither rows nor locks', async (t) => {
  const memory = createMemoryStorage();
  const [dying, other] = [memory.connect(), memory.connect()];
  const seat = await other.transaction((trx) => {
    return trx.createSeat({ consumer: 'one', slot: 'live', version: 1, tables: [] });
  });
  const goOn = Promise.withResolvers<void>();
  const cut = dying.transaction(async (trx) => {
    await trx.moveSeat(seat, 5n);
    await goOn.promise;
    await trx.lockSetup();
  });
  const taking = other.takeSeat('one', 'live');
  dying.end();
  t.match(await taking, { epoch: 1, position: 0n });
  goOn.resolve();
  await t.rejects(cut, /ended/);
  await other.transaction((trx) => trx.lockSetup());
  await t.rejects(dying.findSeat('one', 'live'), /ended/);
  await t.rejects(other.moveSeat(seat, 6n), Fenced);
  t.match(memory.seats(), [{ position: 0n }]);
});
