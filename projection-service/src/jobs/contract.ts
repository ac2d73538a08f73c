import type { Test } from 'tap';
import type { AnyTransaction } from '../engine/consumer.ts';
import { until } from '../engine/testing.ts';
import type { JobQueue, NewJob, QueueTerms } from './port.ts';

interface Named {
  readonly name: string;
}

export interface OpenedQueue {
  readonly queue: JobQueue<Named>;
  /** A transaction of the reaction's kind. */
  transaction<T>(work: (trx: AnyTransaction) => Promise<T>): Promise<T>;
}

/** Nothing waits before it is tried again. */
const terms: QueueTerms = {
  concurrency: 4,
  lookEverySeconds: 0.5,
  retryLimit: 1,
  firstRetrySeconds: 0,
  longestRetrySeconds: 1,
  cutOffSeconds: 30,
};

/** What every queue has to hold. `open` answers an empty one. */
export function queueContract(t: Test, open: (t: Test, terms: QueueTerms) => Promise<OpenedQueue>): void {
  t.test('jobs', async (t) => {
    const { queue, transaction } = await open(t, terms);
    const tried: string[] = [];
    const done: string[] = [];
    const failing = new Map([
      ['fails once', 1],
      ['never done', 9],
    ]);
    await queue.work(async ({ name }) => {
      tried.push(name);
      const left = failing.get(name) ?? 0;
      failing.set(name, left - 1);
      if (left > 0) throw new Error(`${name} fails`);
      done.push(name);
    });
    const add = (...jobs: NewJob<Named>[]) => transaction((trx) => queue.add(trx, jobs));
    const timesTried = (wanted: string) => tried.filter((name) => name === wanted).length;

    await t.test('are there with their transaction, or not at all', async (t) => {
      const fault = new Error('fault');
      const failed = transaction(async (trx) => {
        await queue.add(trx, [job(1, 'never')]);
        throw fault;
      });
      await t.rejects(failed, fault);
      await add(job(1, 'only'));
      await until(() => done.includes('only'));
    });

    await t.test('that fail are tried again, as often as the terms say, and hold up no other', async (t) => {
      await add(job(2, 'fails once'), job(3, 'never done'), job(4, 'beside them'));
      await until(() => ['fails once', 'beside them'].every((name) => done.includes(name)));
      await until(() => timesTried('never done') === 2);
      t.equal(timesTried('fails once'), 2);
    });

    await t.test('that are known are not added again, also where they are done', async (t) => {
      await add(job(1, 'again'), job(5, 'new'));
      await until(() => done.includes('new'));
      t.notOk(done.includes('again'));
      t.equal(timesTried('never done'), 2);
    });
  });
}

function job(number: number, name: string): NewJob<Named> {
  return { id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, data: { name } };
}
