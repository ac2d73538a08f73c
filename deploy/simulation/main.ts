import { parseArgs } from 'node:util';
import { simulate } from './run.ts';

/** `npm run simulate -- --seeds 1000`, or `--seed 17` to see one of them whole. */
const { values } = parseArgs({
  options: { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' } },
});
const first = Number(values.seed ?? values.from ?? 1);
const count = values.seed === undefined ? Number(values.seeds ?? 100) : 1;
const failed: number[] = [];
const began = performance.now();
for (let seed = first; seed < first + count; seed += 1) {
  const { violations, trace } = await simulate(seed);
  if (values.seed !== undefined) console.log(trace.join('\n'));
  if (violations.length === 0) continue;
  failed.push(seed);
  console.log(
    `seed ${seed}:\n${(values.seed === undefined ? trace.slice(-60) : []).join('\n')}\n${violations.join('\n')}\n`,
  );
}
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(
  `${count - failed.length} of ${count} seeds hold, in ${seconds} s${failed.length > 0 ? `; failed: ${failed}` : ''}`,
);
process.exit(failed.length > 0 ? 1 : 0);
