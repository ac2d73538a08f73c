import t from 'tap';
import { event } from '../contract/check.ts';
import { type Appended, StoreUnavailable } from '../port.ts';
import { type Append, toAppend } from './append.ts';
import { type Appender, createBatcher } from './batcher.ts';

const appended = (revision: number): Appended => ({ revision, position: 1n });
const streamsOf = (appends: readonly Append[]) => appends.map(({ streamId }) => streamId);
const to = (streamId: string, data: unknown = null) => toAppend(streamId, 'any', [event({ data })]);

/** Stands in for the database: tells what it was asked, and answers as it is told. */
function fakeAppender(answers: Partial<Appender> = {}) {
  const calls: string[][] = [];
  const appender: Appender = {
    together: async (appends) => {
      calls.push(streamsOf(appends));
      return answers.together?.(appends) ?? appends.map(() => appended(0));
    },
    alone: async (append) => {
      calls.push([append.streamId]);
      return answers.alone?.(append) ?? appended(0);
    },
  };
  return { calls, appender };
}

t.test('appends that arrive together go together, sorted by stream, in order within one', async (t) => {
  const given: Append[] = [];
  const { calls, appender } = fakeAppender({
    together: async (appends) => {
      given.push(...appends);
      return appends.map((_, index) => appended(index));
    },
  });
  const batcher = createBatcher(appender);
  const [first, second] = [to('b'), to('b')];
  const answers = await Promise.all([first, to('c'), second, to('a')].map((append) => batcher.add(append)));
  t.same(calls, [['a', 'b', 'b', 'c']]);
  t.same(given.slice(1, 3), [first, second]);
  t.same(
    answers.map(({ revision }) => revision),
    [1, 3, 2, 0],
    'everyone gets the answer of their own append',
  );
});

t.test('what comes while two transactions are under way waits, and then goes together', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { calls, appender } = fakeAppender({
    alone: async () => {
      await gate.promise;
      return appended(0);
    },
  });
  const batcher = createBatcher(appender);
  const adding: Promise<Appended>[] = [];
  for (const streamId of ['a', 'b', 'c', 'd']) {
    adding.push(batcher.add(to(streamId)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.same(calls, [['a'], ['b']]);
  gate.resolve();
  await Promise.all(adding);
  t.same(calls, [['a'], ['b'], ['c', 'd']]);
});

t.test('enough of them do not wait for the turn of the loop to end', async (t) => {
  const { calls, appender } = fakeAppender();
  const batcher = createBatcher(appender);
  const adding = Array.from({ length: 7 }, (_, index) => batcher.add(to(`s${index}`)));
  t.same(calls, []);
  adding.push(batcher.add(to('s7')));
  t.same(calls, [['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7']]);
  await Promise.all(adding);
});

t.test('a transaction holds so many appends and so much, but always one', async (t) => {
  const { calls, appender } = fakeAppender();
  const batcher = createBatcher(appender);
  await Promise.all(Array.from({ length: 100 }, (_, index) => batcher.add(to(`s${100 + index}`))));
  t.same(
    calls.map(({ length }) => length),
    [8, 8, 64, 20],
    'two are under way, and the rest waits',
  );
  calls.length = 0;
  const large = 'x'.repeat(700_000);
  await Promise.all(['a', 'b', 'c'].map((streamId) => batcher.add(to(streamId, large))));
  t.same(calls, [['a'], ['b'], ['c']]);
});

t.test('one that is refused is refused alone', async (t) => {
  const { appender } = fakeAppender({
    together: async (appends) =>
      appends.map(({ streamId }) => (streamId === 'bad' ? new Error('refused') : appended(0))),
  });
  const batcher = createBatcher(appender);
  const verdicts = await Promise.allSettled(['a', 'bad', 'c'].map((streamId) => batcher.add(to(streamId))));
  t.match(verdicts, [{ status: 'fulfilled' }, { reason: /refused/ }, { status: 'fulfilled' }]);
});

t.test('where a transaction fails its members are tried one by one', async (t) => {
  const { calls, appender } = fakeAppender({
    together: () => Promise.reject(new Error('a duplicate key')),
    alone: async ({ streamId }) => {
      if (streamId === 'bad') throw new Error('it was this one');
      return appended(0);
    },
  });
  const batcher = createBatcher(appender);
  const verdicts = await Promise.allSettled(['a', 'bad', 'c'].map((streamId) => batcher.add(to(streamId))));
  t.same(calls, [['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
  t.match(verdicts, [{ status: 'fulfilled' }, { reason: /it was this one/ }, { status: 'fulfilled' }]);
});

t.test('where the database is away all of a transaction learn it, and the next is tried afresh', async (t) => {
  let away = true;
  const { calls, appender } = fakeAppender({
    together: async (appends) => {
      if (away) throw new StoreUnavailable('away');
      return appends.map(() => appended(0));
    },
  });
  const batcher = createBatcher(appender);
  const verdicts = await Promise.allSettled(['a', 'b'].map((streamId) => batcher.add(to(streamId))));
  t.match(verdicts, [{ reason: { name: 'StoreUnavailable' } }, { reason: { name: 'StoreUnavailable' } }]);
  away = false;
  await Promise.all(['a', 'b'].map((streamId) => batcher.add(to(streamId))));
  t.equal(calls.length, 2);
});

t.test('it is drained when everything has its verdict', async (t) => {
  const { appender } = fakeAppender();
  const batcher = createBatcher(appender);
  let settled = 0;
  for (let index = 0; index < 300; index++) void batcher.add(to(`s${index}`)).then(() => settled++);
  await batcher.drained();
  t.equal(settled, 300);
});
