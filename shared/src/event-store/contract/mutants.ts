import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../../kernel/event.ts';
import { type Appended, type EventStore, type LogBatch, type ReadAllOptions, WrongExpectedRevision } from '../port.ts';
import { streamOf } from './check.ts';

type Append = EventStore['append'];

/** A store with one fault, made of one that has none. */
export type Mutant = (store: EventStore) => EventStore;

const appending =
  (change: (store: EventStore) => Append): Mutant =>
  (store) => ({ ...store, append: change(store) });

/** Its faults are others than to serialise late, so it does that early. */
const judging =
  (append: (store: EventStore, ...append: Parameters<Append>) => ReturnType<Append>): Mutant =>
  (store) => ({
    ...store,
    append: (streamId, expected, events) => append(store, streamId, expected, structuredClone(events)),
  });

const reading =
  (change: (batch: LogBatch, options: ReadAllOptions) => LogBatch): Mutant =>
  (store) => ({ ...store, readAll: async (options) => change(await store.readAll(options), options) });

const withNewIds = (events: readonly NewEvent[]) => events.map((event) => ({ ...event, id: randomUUID() }));

/** The faults that were seen in real stores, or nearly made here. The contract has to find every one. */
export const mutants: Readonly<Record<string, Mutant>> = {
  'no_stream is ignored': appending(
    (store) => (streamId, expected, events) =>
      store.append(streamId, expected === 'no_stream' ? 'any' : expected, events),
  ),
  'an expected revision is ignored': appending(
    (store) => (streamId, expected, events) =>
      store.append(streamId, typeof expected === 'number' ? 'any' : expected, events),
  ),
  'the revision is checked and then written without holding it': judging(async (store, streamId, expected, events) => {
    const standing = await streamOf(store, streamId);
    const revision = expected === 'no_stream' ? -1 : expected;
    const known = standing.some(({ id }) => id === events[0]?.id);
    if (!known && revision !== 'any' && revision !== standing.length - 1)
      throw new WrongExpectedRevision(streamId, expected);
    return store.append(streamId, known ? expected : 'any', events);
  }),
  'any is refused on a stream that exists': appending(
    (store) => (streamId, expected, events) =>
      store.append(streamId, expected === 'any' ? 'no_stream' : expected, events),
  ),
  'an empty append is always welcome': judging(async (store, streamId, expected, events) => {
    if (events.length > 0) return store.append(streamId, expected, events);
    const last = (await streamOf(store, streamId)).at(-1);
    return { revision: last?.revision ?? -1, position: last?.position ?? 0n };
  }),
  'a repeat is refused': judging(async (store, streamId, expected, events) => {
    const known = (await streamOf(store, streamId)).some(({ id }) => id === events[0]?.id);
    if (known) throw new WrongExpectedRevision(streamId, expected);
    return store.append(streamId, expected, events);
  }),
  'a repeat is written again': judging(async (store, streamId, expected, events) => {
    const known = (await streamOf(store, streamId)).some(({ id }) => id === events[0]?.id);
    return known ? store.append(streamId, 'any', withNewIds(events)) : store.append(streamId, expected, events);
  }),
  'a repeat is answered with where the stream is now': judging(async (store, streamId, expected, events) => {
    const appended = await store.append(streamId, expected, events);
    const last = (await streamOf(store, streamId)).at(-1);
    return last ? { revision: last.revision, position: last.position } : appended;
  }),
  'a partial repeat is taken for a whole one': judging(async (store, streamId, expected, events) => {
    const known = (await streamOf(store, streamId)).find(({ id }) => id === events[0]?.id);
    return known ? { revision: known.revision, position: known.position } : store.append(streamId, expected, events);
  }),
  'events are appended one by one': judging(async (store, streamId, expected, events) => {
    let appended: Appended = await store.append(streamId, expected, events.slice(0, 1));
    for (const event of events.slice(1)) appended = await store.append(streamId, appended.revision, [event]);
    return appended;
  }),
  'a taken event id is renamed': appending(
    (store) => (streamId, expected, events) =>
      store.append(streamId, expected, events).catch((error) => {
        if (error instanceof WrongExpectedRevision) throw error;
        return store.append(streamId, expected, withNewIds(events));
      }),
  ),
  'a refused append keeps its ids': appending((store) => {
    const refused = new Set<string>();
    return (streamId, expected, events) => {
      if (events.some(({ id }) => refused.has(id))) return Promise.reject(new Error('seen before'));
      return store.append(streamId, expected, events).catch((error) => {
        for (const { id } of events) refused.add(id);
        throw error;
      });
    };
  }),
  'events are serialised a moment later': appending((store) => async (...append) => {
    await Promise.resolve();
    return store.append(...append);
  }),
  'metadata is stored in part': appending(
    (store) => (streamId, expected, events) =>
      store.append(
        streamId,
        expected,
        events.map((event) => {
          const { causation_id: _, ...metadata } = event.metadata;
          return { ...event, metadata };
        }),
      ),
  ),
  'a count is one too many': (store) => ({
    ...store,
    readStream: (streamId, options) =>
      store.readStream(streamId, options?.maxCount ? { ...options, maxCount: options.maxCount + 1 } : options),
  }),
  'a stream is always read forwards': (store) => ({
    ...store,
    readStream: (streamId, options) => store.readStream(streamId, { ...options, direction: 'forwards' }),
  }),
  'a stream is read by one page': (store) => ({
    ...store,
    readStream: (streamId, options) =>
      store.readStream(streamId, { ...options, maxCount: Math.min(options?.maxCount ?? 1_000, 1_000) }),
  }),
  'stream names differ in case only': (store) => ({
    ...store,
    append: (streamId, ...rest) => store.append(streamId.toLowerCase(), ...rest),
    readStream: (streamId, options) => store.readStream(streamId.toLowerCase(), options),
  }),
  'a reader gets the event at its position again': (store) => ({
    ...store,
    readAll: (options) => store.readAll({ ...options, after: options.after > 0n ? options.after - 1n : 0n }),
  }),
  'a reader passes one event too many': (store) => ({
    ...store,
    readAll: (options) => store.readAll({ ...options, after: options.after + 1n }),
  }),
  'a batch is told backwards': reading((batch) => ({ ...batch, events: batch.events.toReversed() })),
  'types are ignored': (store) => ({
    ...store,
    readAll: ({ after, maxCount }) => store.readAll({ after, maxCount }),
  }),
  'what is filtered out does not move the position': reading((batch, { after }) => ({
    ...batch,
    position: batch.events.at(-1)?.position ?? after,
  })),
  'the end is told too early': reading((batch) => ({ ...batch, caughtUp: true })),
  'the end is never told': reading((batch) => ({ ...batch, caughtUp: false })),
  'a follower ends at the end': (store) => ({
    ...store,
    async *follow(options) {
      for await (const batch of store.follow(options)) {
        yield batch;
        if (batch.caughtUp) return;
      }
    },
  }),
  'a follower forgets where it began': (store) => ({
    ...store,
    follow: (options) => store.follow({ ...options, after: 0n }),
  }),
  'a follower ignores types': (store) => ({
    ...store,
    follow: ({ types: _, ...options }) => store.follow(options),
  }),
  'a follower drops a batch now and then': (store) => ({
    ...store,
    async *follow(options) {
      let count = 0;
      for await (const batch of store.follow(options)) if (++count % 5 !== 0) yield batch;
    },
  }),
  'an aborted follower complains': (store) => ({
    ...store,
    async *follow(options) {
      yield* store.follow(options);
      options.signal.throwIfAborted();
    },
  }),
};
