import { systemClock } from '@agentcal/shared/kernel/time';
import type { Timing } from '@agentcal/shared/kernel/timing';
import t from 'tap';
import { createMemoryStorage, type MemorySession } from '../engine/storage/memory.ts';
import type { MemoryTransaction } from '../engine/storage/memory-transaction.ts';
import { until } from '../engine/testing.ts';
import { queueContract } from './contract.ts';
import { createMemoryQueue } from './memory-queue.ts';
import type { JobQueue, QueueTerms } from './port.ts';

/** What is still to be looked at ends with the test's process. */
const timing: Timing = {
  after: (ms, work) => {
    const timer = setTimeout(work, ms).unref();
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

function queueOf(session: MemorySession, terms: QueueTerms): JobQueue<{ name: string }> {
  let turn: Promise<unknown> = Promise.resolve();
  const transaction = <R>(work: (rows: MemoryTransaction) => R) => {
    const mine = turn.then(() => session.transaction(async (trx) => work(trx.native as MemoryTransaction)));
    turn = mine.catch(() => {});
    return mine;
  };
  const clock = systemClock;
  return createMemoryQueue({ table: 'jobs.named', transaction, clock, timing, failed: () => {} }, terms);
}

queueContract(t, async (_, terms) => {
  const session = createMemoryStorage().connect();
  return {
    queue: queueOf(session, terms),
    transaction: (work) => session.transaction((trx) => work(trx.native as never)),
  };
});

t.test('a job that was cut off with its process is done by another one', async (t) => {
  const memory = createMemoryStorage();
  const [dying, other] = [memory.connect(), memory.connect()];
  const terms = {
    concurrency: 1,
    lookEverySeconds: 0.01,
    retryLimit: 1,
    firstRetrySeconds: 0,
    longestRetrySeconds: 0,
    cutOffSeconds: 0.02,
  };
  const lost = queueOf(dying, terms);
  const id = '00000000-0000-4000-8000-000000000001';
  await dying.transaction((trx) => lost.add(trx.native as never, [{ id, data: { name: 'one' } }]));
  await lost.work(async () => {
    dying.end();
    await new Promise(() => {});
  });
  const done: string[] = [];
  await queueOf(other, terms).work(async ({ name }) => void done.push(name));
  await until(() => done.length > 0);
  t.same(done, ['one']);
});
