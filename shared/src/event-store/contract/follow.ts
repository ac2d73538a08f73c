import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Position, RecordedEvent } from '../../kernel/event.ts';
import type { EventStore, FollowOptions, LogBatch } from '../port.ts';
import { type Check, event, events, happened, ignored, mark, newStream, patience, within } from './check.ts';

export const followChecks: readonly Check[] = [
  {
    title: 'a follower gets what is there and then what comes',
    prove: async ({ store, other = store }) => {
      const streamId = newStream();
      const start = await mark(store);
      const earlier = events(3);
      const later = events(3);
      await store.append(streamId, 'no_stream', earlier);
      const follower = follow(store, { after: start, maxCount: 2 });
      await follower.until(({ caughtUp }) => caughtUp);
      for (const one of later) await other.append(streamId, 'any', [one]);
      const all = await follower.until(() => follower.of(streamId).length >= 6);
      deepEqual(
        follower.of(streamId).map(({ id }) => id),
        [...earlier, ...later].map(({ id }) => id),
      );
      ok(all.every(({ events }) => events.length <= 2));
      await follower.stop();
    },
  },

  {
    title: 'a follower at the end is told so even where nothing new is there',
    prove: async ({ store }) => {
      const start = await mark(store);
      const follower = follow(store, { after: start, maxCount: 10 });
      const seen = await follower.until(({ caughtUp }) => caughtUp);
      ok((seen.at(-1)?.position ?? 0n) >= start);
      await follower.stop();
    },
  },

  {
    title: 'a follower resumes after the position of any batch, losing and repeating nothing',
    prove: async ({ store }) => {
      const streamId = newStream();
      let position: Position = await mark(store);
      const written = events(9);
      for (const one of written) await store.append(streamId, 'any', [one]);
      const seen: string[] = [];
      while (seen.length < written.length) {
        const follower = follow(store, { after: position, maxCount: 2 });
        const before = position;
        const batches = await follower.until((batch) => batch.position > before);
        position = batches.at(-1)?.position ?? position;
        seen.push(...follower.of(streamId).map(({ id }) => id));
        await follower.stop();
      }
      deepEqual(
        seen,
        written.map(({ id }) => id),
      );
    },
  },

  {
    title: 'a follower of some types passes the others and says how far it is',
    prove: async ({ store }) => {
      const streamId = newStream();
      const start = await mark(store);
      const follower = follow(store, { after: start, maxCount: 10, types: [happened] });
      await follower.until(({ caughtUp }) => caughtUp);
      const wanted = event();
      await store.append(streamId, 'no_stream', [wanted]);
      const { position } = await store.append(streamId, 0, events(3, { type: ignored }));
      await follower.until((batch) => batch.position >= position && batch.caughtUp);
      deepEqual(
        follower.of(streamId).map(({ id }) => id),
        [wanted.id],
      );
      await follower.stop();
    },
  },

  {
    title: 'aborting ends a follower quietly, while it waits and before it begins',
    prove: async ({ store }) => {
      const start = await mark(store);
      const follower = follow(store, { after: start, maxCount: 10 });
      await follower.until(({ caughtUp }) => caughtUp);
      await follower.stop();
      const batches = await within(
        Array.fromAsync(store.follow({ after: start, maxCount: 10, signal: AbortSignal.abort() })),
        'an aborted follower ends',
      );
      equal(batches.flatMap(({ events }) => events).length, 0);
    },
  },

  {
    title: 'a follower may be left in the middle',
    prove: async ({ store }) => {
      const start = await mark(store);
      await store.append(newStream(), 'no_stream', events(3));
      const { signal } = new AbortController();
      const leaving = async () => {
        for await (const batch of store.follow({ after: start, maxCount: 1, signal })) return batch.events.length;
      };
      equal(await within(leaving(), 'a follower is left'), 1);
    },
  },
];

/** Drives one follower by hand: waits for a batch, remembers all of them, ends it and sees it end. */
export function follow(store: EventStore, options: Omit<FollowOptions, 'signal'>) {
  const abort = new AbortController();
  const batches: LogBatch[] = [];
  const iterator = store.follow({ ...options, signal: abort.signal })[Symbol.asyncIterator]();
  return {
    /** Reads on until a batch satisfies. Answers every batch since the beginning. */
    async until(satisfies: (batch: LogBatch) => boolean): Promise<readonly LogBatch[]> {
      const timer = setTimeout(() => abort.abort(), patience.ms);
      try {
        for (;;) {
          const next = await iterator.next();
          if (next.done) throw new Error(`a follower ended, or saw nothing for ${patience.ms} ms`);
          batches.push(next.value);
          if (satisfies(next.value)) return batches;
        }
      } finally {
        clearTimeout(timer);
      }
    },
    events: (): RecordedEvent[] => batches.flatMap(({ events }) => events),
    of: (streamId: string): RecordedEvent[] =>
      batches.flatMap(({ events }) => events).filter((one) => one.streamId === streamId),
    async stop(): Promise<void> {
      const ending = within(Array.fromAsync({ [Symbol.asyncIterator]: () => iterator }), 'an aborted follower ends');
      abort.abort();
      await ending;
    },
  };
}
