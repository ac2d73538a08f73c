import { createLocalBus } from '@agentcal/shared/bus/local';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { deriveCalendarItemId } from '@agentcal/shared/kernel/ids';
import { minute, second, toIso } from '@agentcal/shared/kernel/time';
import { fakeClock } from '@agentcal/shared/testing/clock';
import t from 'tap';
import { friday, held, userId } from '../calendar/samples.ts';
import { metadataOf } from '../executor/new-events.ts';
import { openExecutor } from '../open-executor.ts';
import { createAccountHolds, maxHoldsOfAccount } from './cap.ts';

const { perKey, perAccount } = maxHoldsOfAccount;
const accountId = 'acct_1';
const context = {
  ...{ commandId: 'command', fingerprint: '', correlationId: 'command', organizationId: 'org_1', accountId },
  ...{ livemode: false, actor: { kind: 'system', id: 'test' } as const, at: friday },
};

/** An account whose holds are all in one calendar. What bounds those is not asked here. */
function account() {
  const store = createMemoryEventStore();
  const clock = fakeClock(friday);
  /** One of several processes that share the log. */
  const start = () => {
    const executor = openExecutor({ store, bus: createLocalBus(), clock });
    const holds = createAccountHolds(executor);
    return (n: number, { key = 'key_1', at = friday, expiresAt = friday + 5 * minute, place = true } = {}) => {
      const hold = { accountId, keyId: key, expiresAt, context: { ...context, at }, dryRun: false };
      return holds.placing(hold, async (take) => {
        await take();
        if (!place) throw new Error('somebody was faster');
        const id = deriveCalendarItemId('hold', userId, String(n));
        await happened(held({ hold_id: id, expires_at: toIso(expiresAt) }));
        return { id };
      });
    };
  };
  const happened = async ({ type, data }: { readonly type: string; readonly data: object }) => {
    await store.append(`calendar-${userId}`, 'any', [
      { id: crypto.randomUUID(), type, data, metadata: metadataOf(context) },
    ]);
  };
  const release = (n: number) => {
    const data = { hold_id: deriveCalendarItemId('hold', userId, String(n)), user_id: userId };
    return happened({ type: 'calendar.hold-released.v1', data });
  };
  return { start, release };
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

t.test('one key has so many in an account, through whatever process', async (t) => {
  const { start, release } = account();
  const [one, other] = [start(), start()];
  await one(0, { expiresAt: friday + 30 * second });
  for (const n of upTo(perKey - 1)) await (n % 2 === 0 ? one : start())(n + 1);
  for (const process of [one, other, start()]) {
    await t.rejects(process(perKey), { code: 'too_many_holds', extras: { retryAfterSeconds: 30 } });
  }
  t.ok(await one(perKey, { key: 'key_2' }));
  await release(5);
  t.ok(await one(perKey + 1), 'one that was released made room for one');
  await t.rejects(one(perKey + 2));
  t.ok(await one(perKey + 2, { at: friday + 30 * second }), 'and so did one that expired');
});

t.test('all keys together have so many, and what was not placed is none', async (t) => {
  const { start } = account();
  const hold = start();
  for (const n of upTo(perAccount - 1)) await hold(n, { key: `key_${n % 10}` });
  await t.rejects(hold(perAccount, { key: 'key_new', place: false }), /somebody was faster/);
  const together = await Promise.allSettled([1, 2].map((n) => hold(perAccount + n, { key: 'key_new' })));
  t.same(together.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'what is being placed counts already');
  await t.rejects(hold(perAccount + 3, { key: 'key_another' }), { code: 'too_many_holds' });
});
