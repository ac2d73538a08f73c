import t from 'tap';
import { regressions } from './regressions.ts';
import { simulate } from './run.ts';
import { runAlone } from './run-alone.ts';

/** Half a minute of one core. */
const seeds = 160;

t.setTimeout(300_000);

t.test('a seed decides everything: it runs the same again, to the byte', async (t) => {
  for (const seed of [3, 14]) {
    const [first, again] = [await simulate(seed), await simulate(seed)];
    t.ok(first.trace.length > 50, 'something has happened');
    t.equal(again.trace.join('\n'), first.trace.join('\n'));
  }
});

t.test(`all invariants hold in ${seeds} worlds, and where they have not held before`, async (t) => {
  const extra = regressions.map(([seed]) => seed).join(',');
  const args = ['--seeds', `${seeds}`, '--also', extra];
  const { code, output } = await runAlone(new URL('main.ts', import.meta.url), args);
  if (code !== 0) t.comment(output);
  t.equal(code, 0, output.trim().split('\n').at(-1) ?? '');
});
