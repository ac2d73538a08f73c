import t from 'tap';
import type { RecordedEvent } from '../../kernel/event.ts';
import type { LogBatch, ReadAllOptions } from '../port.ts';
import { createTail } from './tail.ts';

/** A log in memory that counts who reads it. Every third event is of type `b`. */
function log(length: number) {
  const events = Array.from({ length }, (_, n) => event(n + 1));
  const reads: ReadAllOptions[] = [];
  return {
    reads,
    append: () => events.push(event(events.length + 1)),
    async readAll(options: ReadAllOptions): Promise<LogBatch> {
      reads.push(options);
      const rest = events.filter(({ position }) => position > options.after);
      const some = rest.slice(0, options.maxCount);
      const caughtUp = some.length === rest.length;
      return { events: some, position: some.at(-1)?.position ?? options.after, caughtUp };
    },
  };
}

function event(n: number): RecordedEvent {
  return { type: n % 3 === 0 ? 'b' : 'a', position: BigInt(n) } as RecordedEvent;
}

const places = ({ events }: LogBatch) => events.map(({ position }) => Number(position));

t.test('all who ask at once share one read, and each gets what it asked for', async (t) => {
  const { reads, readAll, append } = log(4);
  const tail = createTail({ readAll, gatherMs: 0 });
  t.match(await tail({ after: 0n, maxCount: 10 }), { position: 4n, caughtUp: true });
  for (let n = 0; n < 5; n++) append();
  const [all, some, few] = await Promise.all([
    tail({ after: 4n, maxCount: 10 }),
    tail({ after: 4n, maxCount: 10, types: ['b'] }),
    tail({ after: 4n, maxCount: 2 }),
  ]);
  t.equal(reads.length, 2);
  t.same(places(all), [5, 6, 7, 8, 9]);
  t.match(all, { position: 9n, caughtUp: true });
  t.same(places(some), [6, 9]);
  t.match(some, { position: 9n, caughtUp: true });
  t.same(places(few), [5, 6]);
  t.match(few, { position: 6n, caughtUp: false });
  t.same(places(await tail({ after: 6n, maxCount: 10 })), [7, 8, 9]);
  t.equal(reads.length, 2, 'what is kept is not read again');
});

t.test('whoever asks while a read is under way gets one that begins later', async (t) => {
  const { reads, readAll, append } = log(0);
  const held = Promise.withResolvers<void>();
  let holding = false;
  const tail = createTail({
    gatherMs: 0,
    readAll: async (options) => {
      const batch = await readAll(options);
      if (holding) await held.promise;
      return batch;
    },
  });
  await tail({ after: 0n, maxCount: 10 });
  holding = true;
  const early = tail({ after: 0n, maxCount: 10 });
  while (reads.length < 2) await new Promise(setImmediate);
  append();
  const late = tail({ after: 0n, maxCount: 10 });
  held.resolve();
  t.same(places(await early), [], 'it was there before');
  t.same(places(await late), [1]);
});

t.test('whoever is far behind reads by itself, and only the newest are kept', async (t) => {
  const { reads, readAll, append } = log(0);
  const tail = createTail({ readAll, gatherMs: 0, size: 4 });
  await tail({ after: 0n, maxCount: 10 });
  for (let n = 0; n < 4; n++) append();
  t.same(places(await tail({ after: 0n, maxCount: 10 })), [1, 2, 3, 4]);
  for (let n = 0; n < 3; n++) append();
  t.same(places(await tail({ after: 4n, maxCount: 10 })), [5, 6, 7]);
  const before = reads.length;
  t.same(places(await tail({ after: 3n, maxCount: 10 })), [4, 5, 6, 7]);
  t.equal(reads.length, before);
  t.same(places(await tail({ after: 1n, maxCount: 2 })), [2, 3]);
  t.equal(reads.length, before + 1);
});

t.test('a reader that is ahead of what is kept is never sent back', async (t) => {
  const { readAll, append } = log(2);
  const tail = createTail({ readAll, gatherMs: 0, size: 2 });
  await tail({ after: 0n, maxCount: 10 });
  for (let n = 0; n < 6; n++) append();
  t.match(await tail({ after: 8n, maxCount: 10 }), { position: 8n, caughtUp: false, events: [] });
});

t.test('a read that fails fails for all who share it, and the next one is tried', async (t) => {
  const { readAll, append } = log(0);
  let broken = false;
  const tail = createTail({
    gatherMs: 0,
    readAll: (options) => (broken ? Promise.reject(new Error('away')) : readAll(options)),
  });
  await tail({ after: 0n, maxCount: 10 });
  broken = true;
  const answers = await Promise.allSettled([1, 2].map(() => tail({ after: 0n, maxCount: 10 })));
  t.match(answers, [{ status: 'rejected' }, { status: 'rejected' }]);
  broken = false;
  append();
  t.same(places(await tail({ after: 0n, maxCount: 10 })), [1]);
});

t.test('reads that follow each other closely gather', async (t) => {
  const { readAll } = log(0);
  const tail = createTail({ readAll, gatherMs: 30 });
  await tail({ after: 0n, maxCount: 10 });
  await tail({ after: 0n, maxCount: 10 });
  const begun = performance.now();
  await tail({ after: 0n, maxCount: 10 });
  // Timers of the platform may be up to a millisecond early.
  t.ok(performance.now() - begun >= 25);
});

t.test('who waits while more comes than is kept misses nothing', async (t) => {
  const { reads, readAll, append } = log(0);
  const held = Promise.withResolvers<void>();
  const tail = createTail({
    gatherMs: 0,
    size: 3,
    readAll: async (options) => {
      const batch = await readAll(options);
      if (reads.length === 2) await held.promise;
      return batch;
    },
  });
  await tail({ after: 0n, maxCount: 10 });
  for (let n = 0; n < 3; n++) append();
  const first = tail({ after: 0n, maxCount: 10 });
  while (reads.length < 2) await new Promise(setImmediate);
  const second = tail({ after: 0n, maxCount: 10 });
  for (let n = 0; n < 2; n++) append();
  held.resolve();
  t.same(places(await first), [1, 2, 3]);
  t.same(places(await second), [1, 2, 3, 4, 5], 'also what two looks, one after the other, have pushed out');
});
