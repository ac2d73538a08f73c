import { createSecretKey } from 'node:crypto';
import t from 'tap';
import { createKeyCache } from './key-cache.ts';

const key = createSecretKey(Buffer.alloc(32, 1));
const opened = (n: number) => ({ kid: `dk_${n}`, key, subject: `subject ${n}` });

function cacheOf(size: number) {
  const clock = { at: 0, now: () => clock.at };
  return { clock, cache: createKeyCache({ ttlMs: 1_000, size, clock }) };
}

t.test('holds what was used last, and no more than it has room for', async (t) => {
  const { cache } = cacheOf(100);
  for (let n = 0; n < 1_000; n++) {
    cache.putClaim(opened(n), 0);
    t.equal(cache.get('dk_0')?.kid, 'dk_0', 'what is used again and again stays');
  }
  const holds = (n: number) => cache.get(`dk_${n}`) !== undefined && cache.claimedBy(`subject ${n}`) !== undefined;
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
  t.same(numbers(1, 900).filter(holds), [], 'none but the hundred newest');
  t.same(numbers(955, 1_000).filter(holds), numbers(955, 1_000), 'of which half at least');
  t.notOk(cache.claimedBy('subject 1'), 'nor a claim of those that went');
});

t.test('trusts a key for a short time after it was seen', async (t) => {
  const { cache, clock } = cacheOf(100);
  cache.putClaim(opened(1), 0);
  clock.at = 999;
  t.ok(cache.claimedBy('subject 1'));
  clock.at = 1_000;
  t.notOk(cache.claimedBy('subject 1'));
  t.notOk(cache.get('dk_1'));
});

t.test('forgets somebody, whichever of their keys it holds', async (t) => {
  const { cache } = cacheOf(8);
  cache.putClaim({ ...opened(1), subject: 'them' }, 0);
  for (let n = 2; n < 6; n++) cache.putClaim(opened(n), 0);
  cache.putClaim({ ...opened(6), subject: 'them' }, 0);
  cache.dropSubject('them');
  for (const n of [1, 6]) t.notOk(cache.get(`dk_${n}`));
  t.notOk(cache.claimedBy('them'));
  t.ok(cache.get('dk_5'));
});

t.test('without room it holds nothing', async (t) => {
  const { cache } = cacheOf(0);
  cache.putClaim(opened(1), 0);
  t.notOk(cache.get('dk_1'));
  t.notOk(cache.claimedBy('subject 1'));
});
