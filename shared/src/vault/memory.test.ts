import t from 'tap';
import { vaultContract } from './contract.ts';
import { createMemoryVault } from './memory.ts';

await vaultContract(t, 'memory', async () => createMemoryVault());
