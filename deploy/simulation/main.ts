import { parseArgs } from 'node:util';
import { simulate } from './run.ts';

/**
 * `npm run simulate -- --seeds 1000`; `--from 500` begins there; `--seed 17` shows one of them whole; `--also 7,32` adds
 * some; `--twice 3,14` runs those again, and fails where a second run is not the first one to the byte.
 */
const options = {
  seeds: { type: 'string', default: '100' },
  from: { type: 'string', default: '1' },
  also: { type: 'string', default: '' },
  twice: { type: 'string', default: '' },
  seed: { type: 'string' },
} as const;
const lastSteps = 60;
const { one, also, twice, many } = understand();
const seeds = one === undefined ? [...new Set([...also, ...many])] : [one];

const failed: number[] = [];
const began = performance.now();
for (const seed of seeds) {
  const { violations, trace } = await simulate(seed);
  const again = twice.includes(seed) ? (await simulate(seed)).trace.join('\n') : undefined;
  if (again !== undefined && again !== trace.join('\n')) violations.push('it ran another way the second time');
  const isFailure = violations.length > 0;
  if (one !== undefined) console.log(trace.join('\n'));
  else if (isFailure) console.log(`seed ${seed}:\n${trace.slice(-lastSteps).join('\n')}`);
  if (!isFailure) continue;
  failed.push(seed);
  console.log(`${violations.join('\n')}\nrun it alone: npm run simulate -- --seed ${seed}\n`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(1);
const held = `${seeds.length - failed.length} of ${seeds.length} seeds hold, in ${seconds} s`;
console.log(failed.length > 0 ? `${held}; failed: ${failed.join(', ')}` : held);
process.exitCode = failed.length > 0 ? 1 : 0;

function understand() {
  try {
    const { values } = parseArgs({ options });
    const [count, from] = [numberIn(values.seeds), numberIn(values.from)];
    const one = values.seed === undefined ? undefined : numberIn(values.seed);
    const many = Array.from({ length: count }, (_, n) => from + n);
    return { one, many, also: numbersIn(values.also), twice: numbersIn(values.twice) };
  } catch (error) {
    console.error(`${(error as Error).message}\nnpm run simulate -- --seeds 1000, or --seed 17`);
    process.exit(1);
  }
}

function numbersIn(list: string): number[] {
  return list.split(',').filter(Boolean).map(numberIn);
}

/** A run of no seeds would hold, and say nothing. */
function numberIn(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new Error(`${JSON.stringify(text)} is no number of a seed, or of seeds`);
  return Number(text);
}
