import { systemClock } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { createMemoryStorage } from '../../../engine/storage/memory.ts';
import type { MemoryTransaction } from '../../../engine/storage/memory-transaction.ts';
import { ledgerContract, type OpenedLedger, rest } from './contract.ts';
import { createMemoryLedger, type KeptDelivery } from './memory.ts';
import { turnsContract } from './turns-contract.ts';

const open = async (): Promise<OpenedLedger> => {
  const memory = createMemoryStorage();
  const session = memory.connect();
  let turn: Promise<unknown> = Promise.resolve();
  const oneByOne = <R>(work: (rows: MemoryTransaction) => R | Promise<R>): Promise<R> => {
    const mine = turn.then(() => session.transaction(async (trx) => work(trx.native as MemoryTransaction)));
    turn = mine.catch(() => {});
    return mine;
  };
  return {
    ledger: createMemoryLedger(oneByOne, systemClock),
    transaction: (work) => session.transaction((trx) => work(trx.native as never)),
    tell: (event) =>
      session.transaction(async (trx) => {
        const row = { ...rest, ...event, told_at: rest.told_at.getTime() };
        (trx.native as MemoryTransaction).set('read.public_events', event.event_id, row as never);
      }),
    statuses: async () => {
      const kept = memory.rows('webhooks', 'deliveries') as unknown as readonly KeptDelivery[];
      return kept.map(({ attempts, ...one }) => ({ ...one, attempts: attempts.length }));
    },
  };
};

ledgerContract(t, open);
turnsContract(t, open);
