import t from 'tap';
import { newId } from '../kernel/ids.ts';
import { hashKey, hintOf, newKey, parseKey } from './keys.ts';

const organizationId = newId('organization');

t.test('a key names its kind, its mode and its organization', async (t) => {
  for (const kind of ['secret', 'publishable'] as const) {
    for (const livemode of [true, false]) {
      const parts = { kind, livemode, organizationId };
      t.same(parseKey(newKey(parts)), parts);
    }
  }
  t.match(newKey({ kind: 'secret', livemode: false, organizationId }), /^sk_test_/);
  t.match(newKey({ kind: 'publishable', livemode: true, organizationId }), /^pk_live_/);
});

t.test('nothing else is a key', async (t) => {
  const key = newKey({ kind: 'secret', livemode: false, organizationId });
  for (const text of [
    '',
    'sk_test_',
    `${key}0`,
    key.slice(1),
    key.replace('test', 'prod'),
    `${key}\n`,
    key.toUpperCase(),
  ]) {
    t.equal(parseKey(text), undefined, JSON.stringify(text));
  }
});

t.test('a hint shows the kind and the last four characters only', async (t) => {
  const key = newKey({ kind: 'secret', livemode: false, organizationId });
  t.equal(hintOf(key), `sk_test_…${key.slice(-4)}`);
  t.match(hashKey(key), /^[0-9a-f]{64}$/);
  t.not(hashKey(key), hashKey(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`));
});
