import type { Pool } from 'pg';

/** What the machine can do without the product, measured on the same Postgres in the same run. */

export async function makeFloorTable(pool: Pool): Promise<void> {
  await pool.query('create schema if not exists bench');
  await pool.query(
    'create table if not exists bench.floor (id bigint generated always as identity primary key, data jsonb not null)',
  );
}

const insert = {
  name: 'bench-insert',
  text: 'insert into bench.floor (data) values ($1)',
  values: [JSON.stringify({ text: 'x'.repeat(400) })],
};

/** One durable row, its own transaction. */
export async function insertOnce(pool: Pick<Pool, 'query'>): Promise<void> {
  await pool.query(insert);
}

/** Durable one-row inserts per second, each its own transaction, from a number of connections. */
export async function rawInserts(pool: Pool, connections: number, rows: number): Promise<number> {
  await makeFloorTable(pool);
  let left = rows;
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  const started = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0) await client.query(insert);
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
