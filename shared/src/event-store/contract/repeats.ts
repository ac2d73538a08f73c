import { deepEqual, equal, rejects } from 'node:assert/strict';
import { type Appended, EventIdTaken, type ExpectedRevision } from '../port.ts';
import { type Check, event, events, logAfter, mark, newStream, refused, streamOf } from './check.ts';

const modes: readonly ExpectedRevision[] = ['no_stream', 'any', 1];

/** A store that can tell a repeat from a first append tells it. */
function sameAgain(again: Appended, first: Appended): void {
  deepEqual([again.revision, again.position], [first.revision, first.position]);
  if (first.repeated !== undefined) deepEqual([first.repeated, again.repeated], [false, true]);
}

export const repeatChecks: readonly Check[] = [
  ...(modes.map((expected) => ({
    title: `an append that expects ${expected} and is sent again succeeds again and changes nothing`,
    prove: async ({ store, other = store }) => {
      const streamId = newStream();
      const start = await mark(store);
      const earlier = expected === 'no_stream' ? [] : events(2);
      if (earlier.length > 0) await store.append(streamId, 'no_stream', earlier);
      const added = events(2);
      const original = await store.append(streamId, expected, added);
      sameAgain(await other.append(streamId, expected, added), original);
      // The stream has moved on meanwhile, so by now the expectation is stale.
      await store.append(streamId, original.revision, events(3));
      sameAgain(await store.append(streamId, expected, added), original);
      sameAgain(await other.append(streamId, expected, added), original);
      equal((await streamOf(store, streamId)).length, earlier.length + 5);
      equal(
        (await logAfter(store, start)).events.filter((one) => one.streamId === streamId).length,
        earlier.length + 5,
      );
    },
  })) satisfies Check[]),

  ...(modes.map((expected) => ({
    title: `an append that expects ${expected} and is sent many times at once is written once`,
    prove: async ({ store, other = store }) => {
      const streamId = newStream();
      if (expected !== 'no_stream') await store.append(streamId, 'no_stream', events(2));
      const earlier = await streamOf(store, streamId);
      const added = events(2);
      const answers = await Promise.all(
        [store, other, store, other, store].map((handle) => handle.append(streamId, expected, added)),
      );
      for (const { revision, position } of answers)
        deepEqual([revision, position], [answers[0]?.revision, answers[0]?.position]);
      if (answers[0]?.repeated !== undefined) equal(answers.filter(({ repeated }) => !repeated).length, 1);
      equal((await streamOf(store, streamId)).length, earlier.length + 2);
    },
  })) satisfies Check[]),

  {
    title: 'an append that repeats only its first events is refused',
    prove: async ({ store }) => {
      const streamId = newStream();
      const [known, following, fresh] = [event(), event(), event()];
      await store.append(streamId, 'no_stream', [known]);
      await refused(store, streamId, 'no_stream', [known, fresh]);
      await store.append(streamId, 0, [following]);
      await refused(store, streamId, 'no_stream', [known, fresh]);
    },
  },

  {
    title: 'an append with other ids is no repeat, however alike it is',
    prove: async ({ store }) => {
      const streamId = newStream();
      await store.append(streamId, 'no_stream', [event({ data: { same: true } })]);
      await refused(store, streamId, 'no_stream', [event({ data: { same: true } })]);
    },
  },

  {
    title: 'an event id that stands in another stream is refused exactly where ids are unique',
    prove: async ({ store, other = store }) => {
      const [streamId, elsewhere] = [newStream(), newStream()];
      const [taken, fresh] = [event(), event()];
      await store.append(streamId, 'no_stream', [event(), taken]);
      const appending = other.append(elsewhere, 'no_stream', [fresh, taken]);
      if (!store.uniqueEventIds) return void equal((await appending).revision, 1);
      const existing = (await streamOf(store, streamId))[1];
      await rejects(appending, (error) => {
        if (!(error instanceof EventIdTaken)) throw error;
        deepEqual([error.eventId, error.existing], [taken.id, existing]);
        return true;
      });
      deepEqual(await streamOf(store, elsewhere), []);
      equal((await store.append(elsewhere, 'no_stream', [fresh])).revision, 0);
    },
  },

  {
    title: 'one append with a taken id spoils none of those sent with it',
    prove: async ({ store }) => {
      const taken = event();
      await store.append(newStream(), 'no_stream', [taken]);
      const verdicts = await Promise.allSettled(
        [event(), taken, event(), event()].map((one) => store.append(newStream(), 'no_stream', [one])),
      );
      deepEqual(
        verdicts.map(({ status }) => status),
        ['fulfilled', store.uniqueEventIds ? 'rejected' : 'fulfilled', 'fulfilled', 'fulfilled'],
      );
    },
  },
];
