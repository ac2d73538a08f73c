import type { MemoryStorage, MemoryTransaction, Storage } from '@agentcal/projection-service/simulation';
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
  const statement = statementOf(line);
  // The server learns late that a client has vanished, and keeps its locks until then.
  life.onEnd(() => scheduler.after(random.between(1, 3_000), () => session.end()));
  return {
    prepare: () => statement(() => session.prepare()),
    findSeat: (...args) => statement(() => session.findSeat(...args)),
    takeSeat: (...args) => statement(() => session.takeSeat(...args)),
    moveSeat: (...args) => statement(() => session.moveSeat(...args)),
    transaction: async (work) => {
      const answer = await session.transaction(async (trx) => {
        const done = await work(travelling(trx, line));
        await statement(async () => {});
        return done;
      });
      await life.pass(faults.latencyMs(random));
      if (faults.strikes(random, 'commitUntold')) throw new Outage('the answer to a commit was lost');
      return answer;
    },
  };
}

/** What one statement does alone, and nobody comes between: how queues are taken from, and deliveries written down. */
export type Statement = <T>(work: (rows: MemoryTransaction) => T | Promise<T>) => Promise<T>;

export function connectStatements(memory: MemoryStorage, line: Line): Statement {
  const { faults, random, life } = line;
  const session = memory.connect();
  life.onEnd(() => session.end());
  return async (work) => {
    const [fails, untold] = [faults.strikes(random, 'storageFails'), faults.strikes(random, 'commitUntold')];
    const answer = await ask(line, () => {
      if (fails) throw new Outage('a statement failed');
      return session.transaction(async (trx) => work(trx.native as MemoryTransaction));
    });
    if (untold) throw new Outage('the answer to a commit was lost');
    return answer;
  };
}

function statementOf(line: Line): <T>(effect: () => Promise<T>) => Promise<T> {
  return (effect) => {
    const fails = line.faults.strikes(line.random, 'storageFails');
    return ask(line, () => {
      if (fails) throw new Outage('a statement failed');
      return effect();
    });
  };
}

/** Each step of a transaction as a statement of its own. */
export function travelling<T extends object>(trx: T, line: Line): T {
  const statement = statementOf(line);
  return new Proxy(trx, {
    get: (target, name) => {
      const value = target[name as keyof T];
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => statement(() => (value as (...args: unknown[]) => Promise<unknown>)(...args));
    },
  });
}
