import { Client } from 'undici';
import type { Bench } from './bench.ts';
import { insertOnce, makeFloorTable } from './floors.ts';
import { ask, inTurns, percentiles, timed } from './load.ts';
import type { Figure } from './report.ts';

const rounds = 5;
const perRound = 100;

/** Holding a slot and then booking it, as a voice agent does, against two durable inserts: one at a time, over HTTP. */
export async function* measureHold(bench: Bench): AsyncGenerator<Figure> {
  const world = await bench.world();
  const pool = await bench.pool();
  await makeFloorTable(pool);
  const product = await bench.commandService();
  const client = new Client(product.url);
  const [userId] = world.take(1);
  const send = async (path: string, body: object) => {
    const request = {
      method: 'POST',
      path: `/v1/accounts/${world.accountId}/${path}`,
      headers: world.headers,
    } as const;
    return JSON.parse(Buffer.from(await ask(client, { ...request, body: JSON.stringify(body) })).toString());
  };
  let n = 0;
  const holdThenBook = async () => {
    const { attendee, ...slot } = world.body(userId!, n++) as { attendee: object };
    const hold = await send('holds', slot);
    await send('bookings', { hold_id: hold.id, attendee });
  };
  const insertTwice = async () => {
    await insertOnce(pool);
    await insertOnce(pool);
  };
  try {
    await timed(perRound, holdThenBook)();
    const turns = await inTurns(rounds, timed(perRound, holdThenBook), timed(perRound, insertTwice));
    const [value, floor] = [percentiles(turns.one.flat()), percentiles(turns.other.flat())];
    yield {
      what: 'hold, then book, one at a time over HTTP, the write side alone',
      value: `p50 ${value.p50Ms.toFixed(2)} ms, p99 ${value.p99Ms.toFixed(2)} ms`,
      floor: `two durable inserts: p50 ${floor.p50Ms.toFixed(2)} ms, p99 ${floor.p99Ms.toFixed(2)} ms`,
      ratio: value.p50Ms / floor.p50Ms,
    };
  } finally {
    await client.close();
  }
}
