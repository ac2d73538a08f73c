import { parseArgs } from 'node:util';
import { simulate } from './run.ts';

/** `npm run simulate -- --seeds 1000`; `--from 500` begins there; `--seed 17` shows one of them whole; `--also 7,32` adds some. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    also: { type: 'string', default: '' },
    seed: { type: 'string' },
  },
});
const lastSteps = 60;
const many = Array.from({ length: Number(values.seeds) }, (_, n) => Number(values.from) + n);
const also = values.also.split(',').filter(Boolean).map(Number);
const seeds = values.seed === undefined ? [...new Set([...also, ...many])] : [Number(values.seed)];

const failed: number[] = [];
const began = performance.now();
for (const seed of seeds) {
  const { violations, trace } = await simulate(seed);
  const isFailure = violations.length > 0;
  if (values.seed !== undefined) console.log(trace.join('\n'));
  else if (isFailure) console.log(`seed ${seed}:\n${trace.slice(-lastSteps).join('\n')}`);
  if (!isFailure) continue;
  failed.push(seed);
  console.log(`${violations.join('\n')}\n`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(1);
const held = `${seeds.length - failed.length} of ${seeds.length} seeds hold, in ${seconds} s`;
console.log(failed.length > 0 ? `${held}; failed: ${failed.join(', ')}` : held);
process.exitCode = failed.length > 0 ? 1 : 0;
