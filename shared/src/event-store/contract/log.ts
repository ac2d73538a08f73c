import { deepEqual, equal, ok } from 'node:assert/strict';
import { type Check, event, events, happened, ignored, logAfter, mark, newStream } from './check.ts';

export const logChecks: readonly Check[] = [
  {
    title: 'the log holds every stream, in the order of positions, the same in batches of any size',
    prove: async ({ store, other = store }) => {
      const start = await mark(store);
      const streams = [newStream(), newStream(), newStream()];
      for (const [index, streamId] of streams.entries()) await store.append(streamId, 'no_stream', events(index + 1));
      for (const streamId of streams) await other.append(streamId, 'any', events(2));
      const whole = (await logAfter(store, start)).events;
      ok(whole.every(({ position }, index) => position > (whole[index - 1]?.position ?? start)));
      for (const [index, streamId] of streams.entries()) {
        const revisions = whole.filter((one) => one.streamId === streamId).map(({ revision }) => revision);
        deepEqual(
          revisions,
          Array.from({ length: index + 3 }, (_, revision) => revision),
        );
      }
      for (const maxCount of [1, 2, 5, 1_000]) {
        const again = (await logAfter(other, start, { maxCount })).events;
        deepEqual(again.slice(0, whole.length), whole, `in batches of ${maxCount}`);
      }
    },
  },

  {
    title: 'reading from the beginning reaches the first events',
    prove: async ({ store }) => {
      await mark(store);
      const { events } = await store.readAll({ after: 0n, maxCount: 1 });
      equal(events.length, 1);
      ok((events[0]?.position ?? 0n) > 0n);
    },
  },

  {
    title: 'a reader resumes after a position, without the event that stands there',
    prove: async ({ store }) => {
      const streamId = newStream();
      const start = await mark(store);
      await store.append(streamId, 'no_stream', events(4));
      const mine = (await logAfter(store, start)).events.filter((one) => one.streamId === streamId);
      for (const [index, one] of mine.entries()) {
        const rest = (await logAfter(store, one.position)).events.filter((other) => other.streamId === streamId);
        deepEqual(rest, mine.slice(index + 1));
      }
    },
  },

  {
    title: 'at the end a reader is told so, gets nothing, and stays where it is',
    prove: async ({ store }) => {
      const start = await mark(store);
      const appended = await store.append(newStream(), 'no_stream', events(3));
      const { position } = await logAfter(store, start);
      ok(position >= appended.position);
      const batch = await store.readAll({ after: position, maxCount: 10 });
      deepEqual([batch.caughtUp, batch.position >= position], [true, true]);
    },
  },

  {
    title: 'before the end a reader is told that more is there',
    prove: async ({ store }) => {
      const start = await mark(store);
      await store.append(newStream(), 'no_stream', events(3));
      const batch = await store.readAll({ after: start, maxCount: 2 });
      deepEqual([batch.events.length, batch.caughtUp, batch.position], [2, false, batch.events[1]?.position]);
    },
  },

  {
    title: 'a reader may ask for some types only, and passes the others all the same',
    prove: async ({ store }) => {
      const streamId = newStream();
      const start = await mark(store);
      const wanted = [event(), event()];
      await store.append(streamId, 'no_stream', events(5, { type: ignored }));
      await store.append(streamId, 'any', [wanted[0]!, ...events(5, { type: ignored }), wanted[1]!]);
      const { position: end } = await store.append(streamId, 'any', events(5, { type: ignored }));
      for (const maxCount of [1, 3, 100]) {
        const read = await logAfter(store, start, { types: [happened], maxCount });
        const mine = read.events.filter((one) => one.streamId === streamId);
        deepEqual(
          mine.map(({ id }) => id),
          wanted.map(({ id }) => id),
          `in batches of ${maxCount}`,
        );
        ok(read.position >= end, 'the position passes what was filtered out');
      }
      const both = await logAfter(store, start, { types: [ignored, happened] });
      equal(both.events.filter((one) => one.streamId === streamId).length, 17);
      const none = await logAfter(store, start, { types: ['contract.never-happened.v1'] });
      deepEqual([none.events.length, none.position >= end], [0, true]);
    },
  },

  {
    title: 'the log tells only what was appended to it',
    prove: async ({ store }) => {
      const start = await mark(store);
      const streamId = newStream();
      await store.append(streamId, 'no_stream', events(2));
      const { events: read } = await logAfter(store, start);
      ok(read.every((one) => !one.streamId.startsWith('$') && !one.type.startsWith('$')));
    },
  },
];
