import type pg from 'pg';
import type { Position } from '../../kernel/event.ts';
import type { LogBatch, ReadAllOptions } from '../port.ts';
import type { Horizon } from './horizon.ts';
import { query } from './query.ts';
import { columns, type EventRow, toEvent } from './row.ts';

/** How many positions one filtered read looks through at least, so that a rare type costs few statements. */
const filterWindow = 20_000;

/** Positions. */
const longWay = 10_000n;

const readRange = `
  select ${columns} from log.events where position > $1 and position <= $2 order by position limit $3`;
const readTypes = `
  select ${columns} from log.events
  where position > $1 and position <= $2 and type = any($4) order by position limit $3`;

/**
 * Postgres knows nothing of a table that has just grown, and would sort a stretch of it rather than read it in the order of
 * its index: four times as slow. So whoever has a long way to go has it look once.
 */
const statistics = `
  select reltuples < $1::bigint / 4 as outdated from pg_class where oid = 'log.events'::regclass`;
const informed = new WeakMap<pg.Pool, Promise<unknown>>();

function inform(pool: pg.Pool, end: Position): Promise<unknown> {
  const known = informed.get(pool);
  if (known) return known;
  const informing = pool.query<{ outdated: boolean }>(statistics, [end]).then(({ rows }) => {
    if (rows[0]?.outdated) return pool.query('analyze log.events (position, type)');
  });
  // Only a matter of speed: where it fails, the read itself says what is wrong.
  informed.set(
    pool,
    informing.catch(() => {}),
  );
  return informed.get(pool)!;
}

/** Reads the log behind the horizon; where the reader comes near it, the horizon is moved first. */
export async function readAll(
  pool: pg.Pool,
  horizon: Horizon,
  { after, maxCount, types }: ReadAllOptions,
): Promise<LogBatch> {
  let reachedEnd = false;
  if (after + BigInt(maxCount) >= horizon.position) {
    do ({ reachedEnd } = await horizon.advance());
    while (after >= horizon.position && !reachedEnd);
  }
  const end = horizon.position;
  if (after >= end) return { events: [], position: after, caughtUp: reachedEnd };
  if (end - after > longWay) await inform(pool, end);
  const to = types ? min(end, after + BigInt(Math.max(filterWindow, maxCount))) : end;
  const rows = await query<EventRow>(pool, types ? readTypes : readRange, [
    after,
    to,
    maxCount,
    ...(types ? [types] : []),
  ]);
  const events = rows.map(toEvent);
  if (events.length === maxCount) return { events, position: events.at(-1)!.position, caughtUp: false };
  return { events, position: to, caughtUp: reachedEnd && to === end };
}

function min(a: Position, b: Position): Position {
  return a < b ? a : b;
}
