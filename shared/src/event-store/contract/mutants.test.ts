import t from 'tap';
import { eventStoreChecks } from '../contract.ts';
import { createMemoryEventStore } from '../memory.ts';
import { patience } from './check.ts';
import { type Mutant, mutants } from './mutants.ts';

// Everything here happens in memory: what has not come by then does not come.
patience.ms = 500;

t.test('the contract finds no fault in a store without one', async (t) => {
  t.same(await findFault((store) => store), undefined);
});

for (const [fault, mutant] of Object.entries(mutants)) {
  t.test(`the contract finds it where ${fault}`, async (t) => {
    const found = await findFault(mutant);
    t.type(found, 'string', `by: ${found}`);
  });
}

/** The title of the first check that fails. */
async function findFault(mutant: Mutant): Promise<string | undefined> {
  for (const { title, prove } of eventStoreChecks) {
    const real = createMemoryEventStore();
    const found = await prove({ store: mutant(real) }).then(
      () => false,
      () => true,
    );
    await real.close();
    if (found) return title;
  }
  return undefined;
}
