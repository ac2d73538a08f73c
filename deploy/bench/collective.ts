import type { Pool } from 'pg';
import { Client } from 'undici';
import type { Bench } from './bench.ts';
import { insertOnce, makeFloorTable } from './floors.ts';
import { ask, inTurns, percentiles, type Request, timed } from './load.ts';
import type { Figure } from './report.ts';

const hosts = 5;
const rounds = 5;
const perRound = 40;

/**
 * Booking five people at once, against as many durable inserts, one after the other, as it makes appends: the plan, a claim
 * on each calendar, its completion, the booking itself.
 */
export async function* measureCollective(bench: Bench): AsyncGenerator<Figure> {
  const world = await bench.world();
  const pool = await bench.pool();
  await makeFloorTable(pool);
  const { url } = await bench.commandService();
  const client = new Client(url);
  const post = (path: string, body: object): Request => ({
    method: 'POST',
    path: `/v1/accounts/${world.accountId}/${path}`,
    headers: world.headers,
    body: JSON.stringify(body),
  });
  try {
    const team = world.take(hosts).map((user_id) => ({ user_id }));
    const eventType = post('event-types', {
      name: 'Team',
      duration_minutes: 15,
      assignment: 'collective',
      hosts: team,
    });
    const { id } = JSON.parse(Buffer.from(await ask(client, eventType)).toString());
    let n = 0;
    const book = async () => {
      const { user_id: _, ...body } = world.body('team', n++) as { user_id: string };
      await ask(client, post('bookings', { ...body, event_type_id: id }));
    };
    for (let i = 0; i < perRound; i++) await book();
    const appends = await appendsOf(pool, book);
    const insert = async () => {
      for (let i = 0; i < appends; i++) await insertOnce(pool);
    };
    const turns = await inTurns(rounds, timed(perRound, book), timed(perRound, insert));
    const [value, floor] = [percentiles(turns.one.flat()), percentiles(turns.other.flat())];
    yield {
      what: `collective booking of ${hosts} hosts, one at a time over HTTP, the write side alone`,
      value: `p50 ${value.p50Ms.toFixed(2)} ms, p99 ${value.p99Ms.toFixed(2)} ms`,
      floor: `${appends} durable inserts: p50 ${floor.p50Ms.toFixed(2)} ms, p99 ${floor.p99Ms.toFixed(2)} ms`,
      ratio: value.p50Ms / floor.p50Ms,
    };
  } finally {
    await client.close();
  }
}

/** How many transactions one booking leaves in the log. */
async function appendsOf(pool: Pool, book: () => Promise<void>): Promise<number> {
  const { rows: before } = await pool.query('select coalesce(max(position), 0) as tip from log.events');
  await book();
  const { rows } = await pool.query(
    'select count(distinct xmin::text)::integer as appends from log.events where position > $1',
    [before[0].tip],
  );
  return rows[0].appends;
}
