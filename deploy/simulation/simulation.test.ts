import t, { type Test } from 'tap';
import { regressions } from './regressions.ts';
import { type Run, simulate } from './run.ts';

const seeds = 200;
t.setTimeout(300_000);

t.test('a seed decides everything: it runs the same again, to the byte', async (t) => {
  for (const seed of [3, 14]) {
    const [first, again] = [await simulate(seed), await simulate(seed)];
    t.ok(first.trace.length > 50, 'something has happened');
    t.equal(again.trace.join('\n'), first.trace.join('\n'));
  }
});

t.test('seeds that have failed before hold', async (t) => {
  for (const [seed] of regressions) report(t, await simulate(seed));
});

t.test(`all invariants hold in ${seeds} worlds`, async (t) => {
  for (let seed = 1; seed <= seeds; seed += 1) report(t, await simulate(seed));
});

function report(t: Test, { seed, violations, trace }: Run): void {
  if (violations.length > 0) t.comment(`seed ${seed}\n${trace.slice(-60).join('\n')}`);
  t.same(violations, [], `seed ${seed}`);
}
