import { minute, second } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { createAccountHolds, type HoldToCount, maxHoldsOfAccount } from './account-holds.ts';

const at = Date.parse('2030-05-02T10:00:00Z');
const hold = (n: number, change: Partial<HoldToCount> = {}): HoldToCount => ({
  accountId: 'acct_1',
  keyId: 'key_1',
  commandId: `command-${n}`,
  expiresAt: at + 5 * minute,
  at,
  ...change,
});
const { perKey, perAccount } = maxHoldsOfAccount;
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

t.test('one key has so many in an account', async (t) => {
  const holds = createAccountHolds();
  holds.take(hold(0, { expiresAt: at + 30 * second }));
  for (const n of upTo(perKey).slice(1)) holds.take(hold(n));
  t.throws(() => holds.take(hold(perKey)), { code: 'too_many_holds', extras: { retryAfterSeconds: 30 } });
  holds.take(hold(5));
  holds.take(hold(perKey, { keyId: 'key_2' }));
  holds.take(hold(perKey, { accountId: 'acct_2' }));
  holds.take(hold(perKey + 1, { at: at + 30 * second }));
  t.throws(() => holds.take(hold(perKey + 2, { at: at + 30 * second })), 'the one that expired made room for one');
});

t.test('all keys together have so many', async (t) => {
  const holds = createAccountHolds();
  for (const n of upTo(perAccount)) holds.take(hold(n, { keyId: `key_${n % 10}` }));
  t.throws(() => holds.take(hold(perAccount, { keyId: 'key_new' })), { code: 'too_many_holds' });
});

t.test('what is given back, booked or never came to be makes room', async (t) => {
  const holds = createAccountHolds();
  for (const n of upTo(perKey)) holds.take(hold(n));
  holds.name(hold(1), 'hold_1');
  holds.give('acct_1', 'hold_other');
  holds.give('acct_2', 'hold_1');
  t.throws(() => holds.take(hold(perKey)));
  holds.give('acct_1', 'hold_1');
  holds.take(hold(perKey));
  holds.drop(hold(2));
  holds.take(hold(perKey + 1));
  t.throws(() => holds.take(hold(perKey + 2)));
});
