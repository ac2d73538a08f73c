import t from 'tap';
import { randomBytes } from './random.ts';

t.test('random bytes are as many as were asked for, and none comes twice', async (t) => {
  const seen = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const bytes = randomBytes(12 + (i % 21));
    t.equal(bytes.length, 12 + (i % 21)) || t.bailout();
    seen.add(bytes.subarray(0, 12).toString('hex'));
  }
  t.equal(seen.size, 2_000);
});

t.test('bytes that were handed out stay as they were', async (t) => {
  const first = randomBytes(16);
  const before = first.toString('hex');
  for (let i = 0; i < 1_000; i++) randomBytes(16);
  t.equal(first.toString('hex'), before);
  t.not(before, '0'.repeat(32));
});

t.test('no call is answered with fewer bytes than it asked for', async (t) => {
  t.equal(randomBytes(4_096).length, 4_096);
  t.throws(() => randomBytes(4_097), RangeError);
});
