import type { MemoryStorage, Storage, StorageTransaction } from '@agentcal/projection-service/simulation';
import { ask, type Line } from '../world/line.ts';

/** What the simulated database says instead of an answer. */
export class Outage extends Error {
  override readonly name = 'Outage';
}

/**
 * Read models as one process has them: every statement travels, may fail, and may be the last one; a commit may be
 * done without the process learning of it.
 */
export function connectStorage(memory: MemoryStorage, line: Line): Storage {
  const { faults, random, scheduler, life } = line;
  const session = memory.connect();
  // The server learns late that a client has vanished, and keeps its locks until then.
  life.onEnd(() => scheduler.after(random.between(1, 3_000), () => session.end()));
  const statement = <T>(effect: () => Promise<T>): Promise<T> => {
    const fails = faults.strikes(random, 'storageFails');
    return ask(line, () => {
      if (fails) throw new Outage('a statement failed');
      return effect();
    });
  };
  return {
    prepare: () => statement(() => session.prepare()),
    findSeat: (...args) => statement(() => session.findSeat(...args)),
    takeSeat: (...args) => statement(() => session.takeSeat(...args)),
    moveSeat: (...args) => statement(() => session.moveSeat(...args)),
    transaction: async (work) => {
      const answer = await session.transaction(async (trx) => {
        const done = await work(travelling(trx, statement));
        await statement(async () => {});
        return done;
      });
      await life.pass(faults.latencyMs(random));
      if (faults.strikes(random, 'commitUntold')) throw new Outage('the answer to a commit was lost');
      return answer;
    },
  };
}

function travelling(
  trx: StorageTransaction,
  statement: <T>(effect: () => Promise<T>) => Promise<T>,
): StorageTransaction {
  return new Proxy(trx, {
    get: (target, name) => {
      const value = target[name as keyof StorageTransaction];
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => statement(() => (value as (...args: unknown[]) => Promise<unknown>)(...args));
    },
  });
}
