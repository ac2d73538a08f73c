import t from 'tap';
import { busContract } from './contract.ts';
import { createLocalBus } from './local.ts';

await busContract(t, 'the local bus', async () => {
  const failures: unknown[] = [];
  const bus = createLocalBus({ report: (error) => failures.push(error) });
  return { bus, other: bus, failures, teardown: () => bus.close() };
});
