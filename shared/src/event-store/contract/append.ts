import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ExpectedRevision } from '../port.ts';
import { type Check, event, events, happened, logAfter, mark, newStream, refused, streamOf } from './check.ts';

/** Every mode of expectation against an absent stream and against one whose last revision is 2. */
const accepted: readonly { expected: ExpectedRevision; stream: 'absent' | 'existing'; revision: number }[] = [
  { expected: 'no_stream', stream: 'absent', revision: 0 },
  { expected: 'any', stream: 'absent', revision: 0 },
  { expected: 'any', stream: 'existing', revision: 3 },
  { expected: 2, stream: 'existing', revision: 3 },
];

const refusals: readonly { expected: ExpectedRevision; stream: 'absent' | 'existing'; why: string }[] = [
  { expected: 'no_stream', stream: 'existing', why: 'it exists' },
  { expected: 0, stream: 'absent', why: 'it does not exist' },
  { expected: 7, stream: 'absent', why: 'it does not exist' },
  { expected: 0, stream: 'existing', why: 'it went on' },
  { expected: 1, stream: 'existing', why: 'it went on' },
  { expected: 3, stream: 'existing', why: 'it is not that far' },
];

export const appendChecks: readonly Check[] = [
  ...(accepted.map(({ expected, stream, revision }) => ({
    title: `an append that expects ${expected} of an ${stream} stream is accepted`,
    prove: async ({ store }) => {
      const streamId = newStream();
      const earlier = stream === 'existing' ? events(3) : [];
      if (earlier.length > 0) await store.append(streamId, 'no_stream', earlier);
      const added = event();
      const appended = await store.append(streamId, expected, [added]);
      const read = await streamOf(store, streamId);
      equal(appended.revision, revision);
      deepEqual(
        read.map(({ id }) => id),
        [...earlier, added].map(({ id }) => id),
      );
      equal(appended.position, read.at(-1)?.position);
    },
  })) satisfies Check[]),

  ...(refusals.map(({ expected, stream, why }) => ({
    title: `an append that expects ${expected} of an ${stream} stream is refused, for ${why}`,
    prove: async ({ store }) => {
      const streamId = newStream();
      if (stream === 'existing') await store.append(streamId, 'no_stream', events(3));
      await refused(store, streamId, expected, [event()]);
      await refused(store, streamId, expected, events(3));
    },
  })) satisfies Check[]),

  {
    title: 'a refused append leaves nothing in the log, and does not keep its ids',
    prove: async ({ store }) => {
      const [streamId, elsewhere, rejected] = [newStream(), newStream(), event()];
      const { position } = await store.append(streamId, 'no_stream', [event()]);
      await refused(store, streamId, 'no_stream', [rejected]);
      ok(!(await logAfter(store, position)).events.some(({ id }) => id === rejected.id));
      equal((await store.append(elsewhere, 'no_stream', [rejected])).revision, 0);
    },
  },

  {
    title: 'several events are appended together, numbered without holes, in positions that grow',
    prove: async ({ store }) => {
      const streamId = newStream();
      const start = await mark(store);
      const [first, second] = [events(3), events(4)];
      await store.append(streamId, 'no_stream', first);
      const appended = await store.append(streamId, 2, second);
      const read = await streamOf(store, streamId);
      deepEqual(
        read.map(({ id, revision }) => [id, revision]),
        [...first, ...second].map(({ id }, index) => [id, index]),
      );
      ok(read.every(({ position }, index) => position > (read[index - 1]?.position ?? start)));
      deepEqual([appended.revision, appended.position], [6, read[6]?.position]);
    },
  },

  {
    title: 'an append of nothing writes nothing, answers where the stream stands, and holds to its expectation',
    prove: async ({ store }) => {
      const streamId = newStream();
      deepEqual(await store.append(streamId, 'no_stream', []), { revision: -1, position: 0n });
      deepEqual(await store.append(streamId, 'any', []), { revision: -1, position: 0n });
      await refused(store, streamId, 0, []);
      const { revision, position } = await store.append(streamId, 'no_stream', events(2));
      const standing = { revision, position };
      deepEqual(await store.append(streamId, 1, []), standing);
      deepEqual(await store.append(streamId, 'any', []), standing);
      await refused(store, streamId, 0, []);
      await refused(store, streamId, 'no_stream', []);
      equal((await streamOf(store, streamId)).length, 2);
    },
  },

  {
    title: 'data and metadata come back as they went in',
    prove: async ({ store }) => {
      const streamId = newStream();
      const written = [
        event({ data: odd, metadata: { ...event().metadata, causation_id: 'cause', request_id: 'req_ü' } }),
      ];
      written.push(event({ data: null }), event({ data: ['list', 1, { deep: [] }] }), event({ data: 'text' }));
      const start = await mark(store);
      await store.append(streamId, 'no_stream', written);
      const read = await streamOf(store, streamId);
      const log = (await logAfter(store, start)).events.filter((one) => one.streamId === streamId);
      deepEqual(
        read.map(({ id, type, data, metadata }) => ({ id, type, data, metadata })),
        written,
      );
      deepEqual(Object.keys(read[0]?.data as object), Object.keys(odd), 'fields keep their order');
      deepEqual(log, read, 'the log tells the same as the stream');
      ok(read.every((one) => one.streamId === streamId && new Date(one.recordedAt).toISOString() === one.recordedAt));
    },
  },

  {
    title: 'an event of a megabyte comes back whole',
    prove: async ({ store }) => {
      const streamId = newStream();
      const data = { text: 'x€'.repeat(240_000) };
      await store.append(streamId, 'no_stream', [event({ data })]);
      deepEqual((await streamOf(store, streamId))[0]?.data, data);
    },
  },

  {
    title: 'what the caller does to an event afterwards does not reach the log',
    prove: async ({ store }) => {
      const streamId = newStream();
      const data = { guests: ['Ada'] };
      const appending = store.append(streamId, 'no_stream', [event({ type: happened, data })]);
      data.guests.push('Grace');
      await appending;
      data.guests.push('Edsger');
      deepEqual((await streamOf(store, streamId))[0]?.data, { guests: ['Ada'] });
    },
  },

  { title: 'a store answers a ping', prove: ({ store }) => store.ping() },
];

/** JSON that has broken stores before: key order, numbers at the edge, quotes, control and paired characters. */
const odd = {
  z: 'zoë 日本 👩🏽‍🚀 \u202e',
  a: { nested: { deeper: [{ list: [1, [2, [3]]] }, null, true, ''] } },
  quotes: `"'\\\\ \n\t\r {"not":"json"} {a,b} \\x41 $1 \u2028`,
  nul: 'before\u0000after',
  numbers: [0, -1, 1.5, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, 0.1 + 0.2],
  '': 'an empty name',
  __proto_: 'not a prototype',
};
