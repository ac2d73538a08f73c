import type { Row } from '../fold.ts';
import { createLocks } from './locks.ts';
import { memoryTransaction, seatTable, tableName } from './memory-transaction.ts';
import type { Seat, Storage } from './port.ts';
import { type Tables, View } from './view.ts';

/**
 * Rows and checkpoints of one process, gone with it: for the simulation. It keeps what the engine relies on in
 * Postgres: a transaction is whole or not at all, nobody sees another's before its end, and seats are locked.
 *
 * Deterministic: nothing waits but for a lock, and locks are given in the order in which they were asked for.
 */
export interface MemoryStorage {
  /** As a process has it. */
  connect(): MemorySession;
  /** What was committed, by key. */
  rows(schema: string, table: string): readonly Row[];
  seats(): readonly Seat[];
}

export interface MemorySession extends Storage {
  /** As when the process dies: what was not committed is not there, and no lock is held. */
  end(): void;
}

export function createMemoryStorage(): MemoryStorage {
  const committed: Tables = new Map();
  const locks = createLocks();
  let transactions = 0;

  const connect = (): MemorySession => {
    const open = new Set<string>();
    let ended = false;
    const requireOpen = () => {
      if (ended) throw new Error('the session has ended');
    };
    const transaction: Storage['transaction'] = async (work) => {
      requireOpen();
      const name = `transaction ${++transactions}`;
      const view = new View(committed);
      open.add(name);
      const take = async (lock: string) => {
        requireOpen();
        await locks.take(name, lock);
      };
      try {
        const answer = await work(memoryTransaction(view, take));
        requireOpen();
        view.commit();
        return answer;
      } finally {
        open.delete(name);
        locks.release(name);
      }
    };
    return {
      transaction,
      prepare: async () => {},
      findSeat: (consumer, slot) => transaction((trx) => trx.findSeat(consumer, slot)),
      takeSeat: (consumer, slot) => transaction((trx) => trx.takeSeat(consumer, slot)),
      moveSeat: (seat, position) => transaction((trx) => trx.moveSeat(seat, position)),
      end: () => {
        ended = true;
        for (const name of open) locks.release(name);
      },
    };
  };

  return {
    connect,
    rows: (schema, table) => new View(committed).all(tableName(schema, table)),
    seats: () => new View(committed).all(seatTable),
  };
}
