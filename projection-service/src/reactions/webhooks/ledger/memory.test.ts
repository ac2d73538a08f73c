import t from 'tap';
import { createMemoryStorage } from '../../../engine/storage/memory.ts';
import type { MemoryTransaction } from '../../../engine/storage/memory-transaction.ts';
import { ledgerContract, rest } from './contract.ts';
import { createMemoryLedger, type KeptDelivery } from './memory.ts';

ledgerContract(t, async () => {
  const memory = createMemoryStorage();
  const session = memory.connect();
  return {
    ledger: createMemoryLedger((work) => session.transaction(async (trx) => work(trx.native as MemoryTransaction))),
    transaction: (work) => session.transaction((trx) => work(trx.native as never)),
    tell: (event) =>
      session.transaction(async (trx) => {
        const row = { ...rest, ...event, told_at: rest.told_at.getTime() };
        (trx.native as MemoryTransaction).set('read.public_events', event.event_id, row as never);
      }),
    statuses: async () => {
      const kept = memory.rows('webhooks', 'deliveries') as unknown as readonly KeptDelivery[];
      return kept.map(({ eventId, status, attempts }) => ({ eventId, status, attempts: attempts.length }));
    },
  };
});
