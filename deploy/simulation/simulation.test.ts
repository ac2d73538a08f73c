import t from 'tap';
import { regressions } from './regressions.ts';
import { runAlone } from './run-alone.ts';

const seeds = 300;
/** Of these it is shown that a seed decides everything: they run the same again, to the byte of their trace. */
const twice = '3,14';

t.setTimeout(300_000);

t.test(`all invariants hold in ${seeds} worlds, and where they have not held before`, async (t) => {
  const also = regressions.map(([seed]) => seed).join(',');
  const args = ['--seeds', `${seeds}`, '--also', also, '--twice', twice];
  const { code, output } = await runAlone(new URL('main.ts', import.meta.url), args);
  if (code !== 0) t.comment(output);
  t.equal(code, 0, output.trim().split('\n').at(-1) ?? '');
});
