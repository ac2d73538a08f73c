import type { Test } from 'tap';
import type { AnyTransaction } from '../engine/consumer.ts';
import { until } from '../engine/testing.ts';
import type { Job, JobQueue, NewJob, QueueTerms } from './port.ts';

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
  isInLines: true,
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
    const tried: Job<Named>[] = [];
    const done: string[] = [];
    const failing = new Map([
      ['first of a', 1],
      ['never done', 9],
    ]);
    await queue.work(async (job) => {
      const { name } = job.data;
      tried.push(job);
      const left = failing.get(name) ?? 0;
      failing.set(name, left - 1);
      if (left > 0 && !job.isLast) throw new Error(`${name} fails`);
      done.push(name);
    });
    const add = (...jobs: NewJob<Named>[]) => transaction((trx) => queue.add(trx, jobs));
    const attemptsAt = (wanted: string) => tried.filter(({ data }) => data.name === wanted);

    await t.test('are there with their transaction, or not at all', async (t) => {
      const fault = new Error('fault');
      const failed = transaction(async (trx) => {
        await queue.add(trx, [job(1, 'never', 'x')]);
        throw fault;
      });
      await t.rejects(failed, fault);
      await add(job(1, 'only', 'x'));
      await until(() => done.includes('only'));
    });

    await t.test('wait in their line until the one before is done, and other lines go on', async (t) => {
      await add(job(3, 'second of a', 'a'), job(2, 'first of a', 'a'), job(4, 'first of b', 'b'));
      await add(job(5, 'third of a', 'a'), job(6, 'never done', 'c'), job(7, 'behind it', 'c'));
      await until(() => ['third of a', 'first of b'].every((name) => done.includes(name)));
      const ofA = done.filter((name) => name.endsWith('of a'));
      t.same(ofA, ['first of a', 'second of a', 'third of a']);
      t.equal(attemptsAt('first of a').length, 2);
    });

    await t.test('are told which attempt is the last', async (t) => {
      await until(() => done.includes('behind it'));
      const attempts = attemptsAt('never done').map(({ attempt, isLast }) => ({ attempt, isLast }));
      t.same(attempts, [
        { attempt: 1, isLast: false },
        { attempt: 2, isLast: true },
      ]);
    });

    await t.test('that are known are not added again, also where they are done', async (t) => {
      await add(job(1, 'again', 'x'), job(8, 'new', 'x'));
      await until(() => done.includes('new'));
      t.notOk(done.includes('again'));
    });
  });
}

function job(number: number, name: string, line: string): NewJob<Named> {
  return { id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, line, data: { name } };
}
