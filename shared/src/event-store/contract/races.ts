import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Position, RecordedEvent } from '../../kernel/event.ts';
import { type EventStore, WrongExpectedRevision } from '../port.ts';
import { type Check, event, events, logAfter, mark, newStream, streamOf } from './check.ts';
import { follow } from './follow.ts';

/** Enough races that a store which checks and then writes loses at least one. */
const races = 25;

export const raceChecks: readonly Check[] = [
  {
    title: 'of two that start the same stream at once exactly one wins',
    prove: async ({ store, other = store }) => {
      for (let race = 0; race < races; race++) {
        const streamId = newStream();
        await expectOneWinner([store, other], (handle) => handle.append(streamId, 'no_stream', [event()]));
        equal((await streamOf(store, streamId)).length, 1);
      }
    },
  },

  {
    title: 'of many that continue the same stream at once exactly one wins',
    prove: async ({ store, other = store }) => {
      const streamId = newStream();
      await store.append(streamId, 'no_stream', [event()]);
      const handles = [store, other, store, other, store, other];
      for (let race = 0; race < races; race++) {
        await expectOneWinner(handles, (handle) => handle.append(streamId, race, [event()]));
      }
      equal((await streamOf(store, streamId)).length, races + 1);
    },
  },

  {
    title: 'many that append without looking all get a place of their own',
    prove: async ({ store, other = store }) => {
      const streamId = newStream();
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) => (index % 2 ? store : other).append(streamId, 'any', events(2))),
      );
      deepEqual(
        answers.map(({ revision }) => revision).sort((a, b) => a - b),
        Array.from({ length: 40 }, (_, index) => index * 2 + 1),
      );
      equal((await streamOf(store, streamId)).length, 80);
    },
  },

  {
    title: 'a follower sees exactly the log, whatever many writers do meanwhile',
    prove: async ({ store, other = store }) => {
      const start = await mark(store);
      const last = event();
      const followers = [follow(store, { after: start, maxCount: 7 }), follow(other, { after: start, maxCount: 500 })];
      const writing = async () => {
        const written = await manyWriters([store, other]);
        return { ...written, ...(await store.append(newStream(), 'no_stream', [last])) };
      };
      const reading = followers.map((one) => one.until((batch) => batch.events.some(({ id }) => id === last.id)));
      const [{ acknowledged, refused, position: end }] = await Promise.all([writing(), ...reading]);
      const log = idsUpTo(end, (await logAfter(store, start)).events);
      for (const follower of followers) {
        deepEqual(idsUpTo(end, follower.events()), log);
        await follower.stop();
      }
      ok(
        acknowledged.every((id) => log.includes(id)),
        'what was acknowledged is there',
      );
      ok(!refused.some((id) => log.includes(id)), 'what was refused is not');
    },
  },
];

async function expectOneWinner(
  handles: readonly EventStore[],
  append: (handle: EventStore) => Promise<unknown>,
): Promise<void> {
  const verdicts = await Promise.allSettled(handles.map(append));
  equal(verdicts.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const verdict of verdicts) {
    if (verdict.status === 'rejected') ok(verdict.reason instanceof WrongExpectedRevision, String(verdict.reason));
  }
}

/** Sixteen writers over five streams, a third of them with an expectation that is often stale. */
async function manyWriters(handles: readonly EventStore[]): Promise<{ acknowledged: string[]; refused: string[] }> {
  const streams = Array.from({ length: 5 }, newStream);
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const write = async (writer: number) => {
    const handle = handles[writer % handles.length]!;
    for (let round = 0; round < 15; round++) {
      const batch = events(1 + (round % 3));
      const ids = batch.map(({ id }) => id);
      const streamId = streams[(writer + round) % streams.length]!;
      const expected = writer % 3 === 0 ? round : 'any';
      const kept = await handle.append(streamId, expected, batch).then(
        () => true,
        (error) => {
          if (error instanceof WrongExpectedRevision) return false;
          throw error;
        },
      );
      (kept ? acknowledged : refused).push(...ids);
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
  return { acknowledged, refused };
}

function idsUpTo(end: Position, events: readonly RecordedEvent[]): string[] {
  return events.filter(({ position }) => position <= end).map(({ id }) => id);
}
