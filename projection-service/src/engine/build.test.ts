import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { createMemoryVault } from '@agentcal/shared/vault/memory';
import t from 'tap';
import { build } from './build.ts';
import type { EngineDeps } from './deps.ts';
import { createMemoryStorage } from './storage/memory.ts';
import { Fenced } from './storage/port.ts';
import { countersAt } from './testing.ts';

t.test('whoever was overtaken before their build began leaves nothing behind', async (t) => {
  const memory = createMemoryStorage();
  const storage = memory.connect();
  await storage.transaction((trx) => {
    return trx.createSeat({ consumer: 'counters', slot: 'live', version: 2, tables: ['counters'] });
  });
  const deps = { storage, store: createMemoryEventStore(), vault: createMemoryVault() } as unknown as EngineDeps;
  for (const version of [1, 2]) {
    const built = build(countersAt(version), deps, { fresh: false, signal: new AbortController().signal });
    await t.rejects(built, Fenced);
  }
  t.match(memory.seats(), [{ slot: 'live', version: 2 }]);
});
