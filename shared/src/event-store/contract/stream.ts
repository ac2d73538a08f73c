import { deepEqual } from 'node:assert/strict';
import type { EventStore, ReadStreamOptions } from '../port.ts';
import { type Check, events, newStream, streamOf } from './check.ts';

/** Cuts of a stream of five: what is asked and which revisions come. */
const cuts: readonly { options: ReadStreamOptions; revisions: readonly number[] }[] = [
  { options: {}, revisions: [0, 1, 2, 3, 4] },
  { options: { fromRevision: 0 }, revisions: [0, 1, 2, 3, 4] },
  { options: { fromRevision: 3 }, revisions: [3, 4] },
  { options: { fromRevision: 4 }, revisions: [4] },
  { options: { fromRevision: 5 }, revisions: [] },
  { options: { maxCount: 2 }, revisions: [0, 1] },
  { options: { maxCount: 0 }, revisions: [] },
  { options: { maxCount: 9 }, revisions: [0, 1, 2, 3, 4] },
  { options: { fromRevision: 1, maxCount: 3 }, revisions: [1, 2, 3] },
  { options: { fromRevision: 3, maxCount: 3 }, revisions: [3, 4] },
  { options: { direction: 'backwards' }, revisions: [4, 3, 2, 1, 0] },
  { options: { direction: 'backwards', maxCount: 1 }, revisions: [4] },
  { options: { direction: 'backwards', fromRevision: 2 }, revisions: [2, 1, 0] },
  { options: { direction: 'backwards', fromRevision: 2, maxCount: 2 }, revisions: [2, 1] },
  { options: { direction: 'backwards', fromRevision: 9, maxCount: 2 }, revisions: [4, 3] },
];

async function revisionsOf(store: EventStore, streamId: string, options?: ReadStreamOptions): Promise<number[]> {
  return (await streamOf(store, streamId, options)).map(({ revision }) => revision);
}

export const streamChecks: readonly Check[] = [
  {
    title: 'an absent stream is empty in either direction',
    prove: async ({ store }) => {
      deepEqual(await revisionsOf(store, newStream()), []);
      deepEqual(await revisionsOf(store, newStream(), { direction: 'backwards', maxCount: 1 }), []);
    },
  },
  {
    title: 'a stream is read from a revision on, up to a count, in either direction',
    prove: async ({ store }) => {
      const streamId = newStream();
      await store.append(streamId, 'no_stream', events(5));
      for (const { options, revisions } of cuts) {
        deepEqual(await revisionsOf(store, streamId, options), revisions, JSON.stringify(options));
      }
    },
  },
  {
    title: 'a stream longer than any page is read whole, in either direction',
    prove: async ({ store }) => {
      const streamId = newStream();
      const count = 1_200;
      for (let at = 0; at < count; at += 400)
        await store.append(streamId, at === 0 ? 'no_stream' : at - 1, events(400));
      const ascending = Array.from({ length: count }, (_, revision) => revision);
      deepEqual(await revisionsOf(store, streamId), ascending);
      deepEqual(await revisionsOf(store, streamId, { direction: 'backwards' }), ascending.toReversed());
      deepEqual(await revisionsOf(store, streamId, { fromRevision: 90, maxCount: 1_050 }), ascending.slice(90, 1_140));
    },
  },
  {
    title: 'streams whose names are alike stay apart',
    prove: async ({ store }) => {
      const streamId = newStream();
      const names = [
        streamId,
        `${streamId}-1`,
        `${streamId}_1`,
        streamId.toUpperCase(),
        `${streamId}%`,
        `${streamId}ü`,
      ];
      for (const [index, name] of names.entries()) await store.append(name, 'no_stream', events(index + 1));
      for (const [index, name] of names.entries()) deepEqual((await revisionsOf(store, name)).length, index + 1, name);
    },
  },
  {
    title: 'a reader may stop in the middle, and another starts afresh',
    prove: async ({ store }) => {
      const streamId = newStream();
      await store.append(streamId, 'no_stream', events(3));
      for await (const first of store.readStream(streamId)) {
        deepEqual(first.revision, 0);
        break;
      }
      deepEqual(await revisionsOf(store, streamId), [0, 1, 2]);
    },
  },
];
