import { parseArgs } from 'node:util';
import { simulate } from './run.ts';

/**
 * `npm run simulate -- --seeds 1000`; `--from 500` begins there; `--seed 17` shows one of them whole; `--also 7,32` adds
 * some; `--twice 3,14` runs those again, and fails where a second run is not the first one to the byte.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    also: { type: 'string', default: '' },
    twice: { type: 'string', default: '' },
    seed: { type: 'string' },
  },
});
const lastSteps = 60;
const many = Array.from({ length: Number(values.seeds) }, (_, n) => Number(values.from) + n);
const numbersIn = (list: string) => list.split(',').filter(Boolean).map(Number);
const [also, twice] = [numbersIn(values.also), numbersIn(values.twice)];
const seeds = values.seed === undefined ? [...new Set([...also, ...many])] : [Number(values.seed)];

const failed: number[] = [];
const began = performance.now();
for (const seed of seeds) {
  const { violations, trace } = await simulate(seed);
  const again = twice.includes(seed) ? (await simulate(seed)).trace.join('\n') : undefined;
  if (again !== undefined && again !== trace.join('\n')) violations.push('it ran another way the second time');
  const isFailure = violations.length > 0;
  if (values.seed !== undefined) console.log(trace.join('\n'));
  else if (isFailure) console.log(`seed ${seed}:\n${trace.slice(-lastSteps).join('\n')}`);
  if (!isFailure) continue;
  failed.push(seed);
  console.log(`${violations.join('\n')}\nrun it alone: npm run simulate -- --seed ${seed}\n`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(1);
const held = `${seeds.length - failed.length} of ${seeds.length} seeds hold, in ${seconds} s`;
console.log(failed.length > 0 ? `${held}; failed: ${failed.join(', ')}` : held);
process.exitCode = failed.length > 0 ? 1 : 0;
