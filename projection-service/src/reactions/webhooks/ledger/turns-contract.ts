import type { Test } from 'tap';
import { endpoint, eventId, type OpenedLedger, told } from './contract.ts';
import type { Turn, Verdict } from './port.ts';

const all = { sound: 9, failing: 9, holdSeconds: 60 };
const verdict: Verdict = { failures: 0, restSeconds: 0, isBack: false, giveUpAfterSeconds: 60 };
const failed = { delivered: false, statusCode: 500, detail: 'not now', durationMs: 3 };
const at = new Date('2026-11-24T09:00:00Z');

/** What every ledger has to hold about whose turn it is. */
export function turnsContract(t: Test, open: (t: Test) => Promise<OpenedLedger>): void {
  t.test('turns', async (t) => {
    const opened = await open(t);
    const { ledger, statuses } = opened;
    await owe(opened, ['whk_a', 'whk_b'], ['bkg_1', 'bkg_1', 'bkg_2']);
    const takenIn = async (wanted = all) => (await ledger.take(wanted)).map(({ webhookId }) => webhookId).sort();
    const dueIn = async (webhookId: string) => (await ledger.due(webhookId, 9)).map(({ eventId }) => eventId.slice(-1));
    let a: Turn;
    let b: Turn;

    await t.test('an endpoint is taken once, however many ask', async (t) => {
      const [some, others] = await Promise.all([ledger.take(all), ledger.take(all)]);
      const taken = [...some, ...others].toSorted((x, y) => (x.webhookId < y.webhookId ? -1 : 1));
      t.match(taken, [
        { webhookId: 'whk_a', failures: 0 },
        { webhookId: 'whk_b', failures: 0 },
      ]);
      [a, b] = taken as [Turn, Turn];
      t.same(await takenIn(), []);
    });

    await t.test('of each booking the earliest event is due, and those behind it wait with it', async (t) => {
      t.same(await dueIn('whk_a'), ['1', '3']);
      const [first] = await ledger.due('whk_a', 1);
      await ledger.record(first!, { ...failed, number: 1, at, retrySeconds: 60 });
      t.same(await dueIn('whk_a'), ['3']);
      t.same(await dueIn('whk_b'), ['1', '3']);
    });

    await t.test('one that ended holds nothing and says nothing', async (t) => {
      t.same(await ledger.keep([a, b], 60), [a, b]);
      await ledger.end(a, { ...verdict, failures: 1 });
      t.same(await ledger.keep([a, b], 60), [b]);
      await ledger.end(a, { ...verdict, failures: 9, restSeconds: 60 });
      const [again] = await ledger.take(all);
      t.match(again, { webhookId: 'whk_a', failures: 1 });
      a = again!;
    });

    await t.test('endpoints that fail take no place from the others', async (t) => {
      await ledger.release(a);
      await ledger.release(b);
      t.same(await takenIn({ ...all, failing: 0 }), ['whk_b']);
      const [failing] = await ledger.take({ ...all, sound: 0 });
      t.match(failing, { webhookId: 'whk_a', failures: 1 }, 'what is let go is as it was');
      a = failing!;
    });

    await t.test('an endpoint that rests is nobody’s; one that is back is sent what waits', async (t) => {
      await ledger.end(a, { ...verdict, isBack: true });
      t.same(await dueIn('whk_a'), ['1', '3']);
      const [turn] = await ledger.take(all);
      await ledger.end(turn!, { ...verdict, failures: 5, restSeconds: 60 });
      t.same(await takenIn(), []);
    });

    await t.test('a hold that has run out is somebody else’s', async (t) => {
      await owe(opened, ['whk_c'], ['bkg_3'], 4);
      const [lost] = await ledger.take({ ...all, holdSeconds: 0 });
      const [turn] = await ledger.take(all);
      t.match(turn, { webhookId: 'whk_c', number: lost!.number + 1 });
      await ledger.end(lost!, { ...verdict, restSeconds: 60 });
      t.same(await ledger.keep([lost!, turn!], 60), [turn]);
      a = turn!;
    });

    await t.test('what has waited too long for an endpoint that failed as long is given up', async (t) => {
      const stateOfC = async () =>
        (await statuses()).filter((one) => one.webhookId === 'whk_c').map((one) => one.status);
      await ledger.end(a, { ...verdict, failures: 1 });
      t.same(await stateOfC(), ['pending']);
      const [turn] = await ledger.take(all);
      await ledger.end(turn!, { ...verdict, failures: 2, giveUpAfterSeconds: -1 });
      t.same(await stateOfC(), ['failed']);
    });
  });
}

/** Tells endpoints of one event after the other, each about the booking that is named. */
async function owe(
  { ledger, transaction, tell }: OpenedLedger,
  webhookIds: readonly string[],
  bookings: readonly string[],
  first = 1,
): Promise<void> {
  for (const [index, subject] of bookings.entries()) await tell(told(first + index, { subject }));
  await transaction(async (trx) => {
    const entries = ledger.within(trx);
    for (const webhookId of webhookIds) await entries.register(endpoint(webhookId));
    await entries.owe(bookings.map((_, index) => eventId(first + index)));
  });
}
