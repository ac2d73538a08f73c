import Fastify from 'fastify';
import type { Pool } from 'pg';
import { type Load, load, type Request } from './load.ts';

/** What the machine can do without the product, measured on the same Postgres in the same run. */

/** Durable one-row inserts per second, each its own transaction, from a number of connections. */
export async function rawInserts(pool: Pool, connections: number, rows: number): Promise<number> {
  await pool.query('create schema if not exists bench');
  await pool.query(
    'create table if not exists bench.floor (id bigint generated always as identity primary key, data jsonb not null)',
  );
  const data = JSON.stringify({ text: 'x'.repeat(400) });
  let left = rows;
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  const started = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0)
        await client.query({
          name: 'bench-insert',
          text: 'insert into bench.floor (data) values ($1)',
          values: [data],
        });
      client.release();
    }),
  );
  return rows / ((performance.now() - started) / 1000);
}

/** Events per second that a plain keyset read of the log's table hands over, in batches of 2,000. */
export async function rawReplay(pool: Pool): Promise<{ events: number; perSecond: number }> {
  let after = '0';
  let events = 0;
  const started = performance.now();
  for (;;) {
    const text =
      'select position, stream_id, revision, event_id, type, data, metadata from log.events ' +
      'where position > $1 order by position limit 2000';
    const { rows } = await pool.query({ name: 'bench-replay', text, values: [after] });
    if (rows.length === 0) break;
    events += rows.length;
    after = rows.at(-1)!.position;
  }
  return { events, perSecond: events / ((performance.now() - started) / 1000) };
}

/** A bare Fastify route that answers one row found by an indexed, prepared select. */
export async function bareRoute(pool: Pool, connections: number, requests: number): Promise<Load> {
  const { rows } = await pool.query('select id from bench.floor order by id limit 1');
  const app = Fastify();
  app.get('/one', async () => {
    const found = await pool.query({
      name: 'bench-one',
      text: 'select id, data from bench.floor where id = $1',
      values: [rows[0].id],
    });
    return found.rows[0];
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const request: Request = { method: 'GET', path: '/one' };
  try {
    await load(url, connections, Array(500).fill(request));
    return await load(url, connections, Array(requests).fill(request));
  } finally {
    await app.close();
  }
}
