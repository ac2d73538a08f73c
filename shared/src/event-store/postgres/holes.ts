import { deepEqual, equal, ok } from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { NewEvent } from '../../kernel/event.ts';
import { event, events, happened, ignored, logAfter, mark, newStream, within } from '../contract/check.ts';
import { follow } from '../contract/follow.ts';
import type { EventStore } from '../port.ts';
import { toAppend } from './append.ts';

/**
 * What a reader of this log must do about holes: positions that were drawn and are not visible, because their
 * append is still under way (it will fill them) or was rolled back (nobody will). Like the contract's checks,
 * these are also run against readers with a fault.
 */
export interface HoleCheck {
  readonly title: string;
  readonly prove: (store: EventStore, pool: pg.Pool) => Promise<void>;
}

/** Long enough for a reader that does not wait to show it. One that waits is not hurried by it. */
const temptationMs = 100;

export const holeChecks: readonly HoleCheck[] = [
  {
    title: 'an append that becomes visible late is not passed',
    prove: async (store, pool) => {
      const start = await mark(store);
      const [late, early] = [event(), event()];
      const append = await appendSlowly(pool, [late]);
      await store.append(newStream(), 'no_stream', [early]);
      const reading = logAfter(store, start);
      await Promise.race([reading, delay(temptationMs)]);
      await append.commit();
      deepEqual(idsOf(await reading), [late.id, early.id]);
    },
  },
  {
    title: 'what stands before the hole is told at once',
    prove: async (store, pool) => {
      const start = await mark(store);
      const [before, late] = [event(), event()];
      await store.append(newStream(), 'no_stream', [before]);
      const append = await appendSlowly(pool, [late]);
      const { position } = await store.append(newStream(), 'no_stream', [event()]);
      const batch = await within(store.readAll({ after: start, maxCount: 100 }), 'a reader before a hole');
      await append.commit();
      deepEqual([idsOf(batch), batch.caughtUp], [[before.id], false]);
      equal((await logAfter(store, batch.position)).position, position);
    },
  },
  {
    title: 'an append that is rolled back leaves a hole that is passed',
    prove: async (store, pool) => {
      const start = await mark(store);
      const after = event();
      const append = await appendSlowly(pool, events(3));
      await store.append(newStream(), 'no_stream', [after]);
      const reading = logAfter(store, start);
      await Promise.race([reading, delay(temptationMs)]);
      await append.rollback();
      deepEqual(idsOf(await within(reading, 'a reader of a dead hole')), [after.id]);
    },
  },
  {
    title: 'an append whose connection dies leaves a hole that is passed',
    prove: async (store, pool) => {
      const start = await mark(store);
      const after = event();
      const append = await appendSlowly(pool, [event()]);
      await store.append(newStream(), 'no_stream', [after]);
      await append.die();
      deepEqual(idsOf(await within(logAfter(store, start), 'a reader of a dead hole')), [after.id]);
    },
  },
  {
    title: 'of two holes one is filled and one is not, in either order',
    prove: async (store, pool) => {
      for (const lastFirst of [false, true]) {
        const start = await mark(store);
        const [kept, between, after] = [event(), event(), event()];
        const dead = await appendSlowly(pool, [event()]);
        await store.append(newStream(), 'no_stream', [between]);
        const late = await appendSlowly(pool, [kept]);
        await store.append(newStream(), 'no_stream', [after]);
        const reading = logAfter(store, start, { maxCount: 1 });
        const ends = [dead.rollback, late.commit];
        for (const end of lastFirst ? ends.reverse() : ends) {
          await Promise.race([reading, delay(temptationMs / 2)]);
          await end();
        }
        deepEqual(idsOf(await reading), [between.id, kept.id, after.id]);
      }
    },
  },
  {
    title: 'a reader waits only for appends that can fill its hole',
    prove: async (store, pool) => {
      const start = await mark(store);
      const early = event();
      const first = await appendSlowly(pool, [event()]);
      await store.append(newStream(), 'no_stream', [early]);
      const reading = store.readAll({ after: start, maxCount: 100 });
      await Promise.race([reading, delay(temptationMs)]);
      // Begun after the reader looked: whatever it draws stands further on, where it has to be waited for again.
      const [further, last] = [event(), event()];
      const another = await appendSlowly(pool, [further]);
      await store.append(newStream(), 'no_stream', [last]);
      await first.rollback();
      const batch = await within(reading, 'a reader beside an append that goes on');
      deepEqual(idsOf(batch), [early.id]);
      await another.commit();
      deepEqual(idsOf(await logAfter(store, batch.position)), [further.id, last.id]);
    },
  },
  {
    title: 'a reader of some types waits as well, though the hole may hold none of them',
    prove: async (store, pool) => {
      const start = await mark(store);
      const late = event({ type: happened });
      const append = await appendSlowly(pool, [late]);
      await store.append(newStream(), 'no_stream', [event({ type: ignored })]);
      const reading = logAfter(store, start, { types: [happened] });
      await Promise.race([reading, delay(temptationMs)]);
      await append.commit();
      deepEqual(idsOf(await reading), [late.id]);
    },
  },
  {
    title: 'a follower loses nothing while slow appends and rollbacks go on around it',
    prove: async (store, pool) => {
      const start = await mark(store);
      const last = event();
      const follower = follow(store, { after: start, maxCount: 50 });
      const following = follower.until((batch) => idsOf(batch).includes(last.id));
      const writing = async () => {
        const kept = await Promise.all(Array.from({ length: 6 }, (_, writer) => writeUnevenly(pool, writer)));
        await store.append(newStream(), 'no_stream', [last]);
        return kept.flat();
      };
      const [kept] = await Promise.all([writing(), following]);
      const seen = new Set(follower.events().map(({ id }) => id));
      equal(seen.size, follower.events().length, 'nothing is told twice');
      ok(
        kept.every((id) => seen.has(id)),
        `${kept.filter((id) => !seen.has(id)).length} of ${kept.length} were lost`,
      );
      await follower.stop();
    },
  },
];

const idsOf = ({ events }: { events: readonly { id: string }[] }) => events.map(({ id }) => id);

/** An append that has drawn its positions and is held open: what a slow disk or a pause does to one. */
export async function appendSlowly(pool: pg.Pool, appended: readonly NewEvent[]) {
  const client = await pool.connect();
  const { events } = toAppend(newStream(), 'no_stream', appended);
  await client.query('begin');
  await client.query('select from log.append($1, $2, $3, $4, $5, $6, $7)', [
    [newStream()],
    [-1],
    [events.length],
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ data }) => data),
    events.map(({ metadata }) => metadata),
  ]);
  const end = (text: string) => async () => {
    await client.query(text);
    client.release();
  };
  return {
    commit: end('commit'),
    rollback: end('rollback'),
    async die() {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await pool.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
      client.release(true);
    },
  };
}

/** One writer whose appends take different times, and whose every seventh is rolled back. Answers the ids it kept. */
async function writeUnevenly(pool: pg.Pool, writer: number): Promise<string[]> {
  const kept: string[] = [];
  for (let round = 0; round < 25; round++) {
    const appended = events(1 + (round % 2));
    const append = await appendSlowly(pool, appended);
    await delay((writer * 5 + round * 3) % 8);
    if ((writer + round) % 7 === 0) await append.rollback();
    else {
      await append.commit();
      kept.push(...idsOf({ events: appended }));
    }
  }
  return kept;
}
