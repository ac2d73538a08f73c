import { sql } from 'kysely';
import { createSeat, findSeat, type Seat, takeSeat } from './checkpoints.ts';
import { type AnyDb, commitBatch, schemaOf } from './commit.ts';
import type { Projection } from './consumer.ts';
import type { EngineDeps } from './deps.ts';
import { pause } from './leadership.ts';
import { createTables } from './open.ts';
import { createPrepare, storedTypes } from './prepare.ts';
import { readSchema } from './schema.ts';
import { quote } from './table.ts';

/**
 * Folds the whole log into tables of their own, beside the live ones, and puts them in their place in one
 * transaction once they have caught up. Readers never see a half-built table, and the live one
 * keeps following the log meanwhile, if somebody runs its version.
 *
 * The caller leads `nextName(projection)`. With `fresh`, an unfinished build is thrown away; else it goes on.
 */
export async function build(projection: Projection, deps: EngineDeps, { fresh, signal }: BuildOptions): Promise<Seat> {
  const { db, store, vault, commit = commitBatch } = deps;
  const prepare = createPrepare(projection, vault);
  const types = storedTypes(projection);
  let next = await openNext(db, projection, fresh);
  for (;;) {
    signal.throwIfAborted();
    const batch = await store.readAll({ after: next.position, maxCount: buildBatchSize, types });
    if (batch.position > next.position) {
      next = await commit(db, projection, next, { events: await prepare(batch.events), position: batch.position });
    }
    if (!batch.caughtUp) continue;
    const live = await swap(db, next);
    if (live) return live;
    await pause(50, signal);
  }
}

export interface BuildOptions {
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/** The lock of whoever builds a projection's next version. */
export const nextName = ({ name }: Projection) => `${name}/next`;

const buildBatchSize = 2_000;

async function openNext(db: AnyDb, projection: Projection, fresh: boolean): Promise<Seat> {
  const { name: consumer, version } = projection;
  const schema = schemaOf({ consumer, slot: 'next' });
  await db.transaction().execute(async (trx) => {
    const found = await findSeat(trx, consumer, 'next');
    if (found && !fresh && found.version === version) return;
    await sql`delete from ${sql.id(readSchema, 'checkpoints')} where consumer = ${consumer} and slot = 'next'`.execute(
      trx,
    );
    await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(trx);
    await sql`create schema ${sql.id(schema)}`.execute(trx);
    await createSeat(trx, { consumer, slot: 'next', version, tables: await createTables(trx, schema, projection) });
  });
  return await takeSeat(db, consumer, 'next');
}

/** Answers the new live seat, or `undefined` where the live one is ahead and the build has to go on. */
async function swap(db: AnyDb, next: Seat): Promise<Seat | undefined> {
  return await db.transaction().execute(async (trx) => {
    await sql`set local lock_timeout = '5s'`.execute(trx);
    const live = await findSeat(trx, next.consumer, 'live');
    if (live && live.position > next.position) return undefined;
    for (const table of live?.tables ?? []) await sql`drop table ${sql.id(readSchema, table)}`.execute(trx);
    const schema = schemaOf(next);
    for (const table of next.tables) {
      await sql.raw(`alter table ${quote(schema)}.${quote(table)} set schema ${quote(readSchema)}`).execute(trx);
    }
    await sql`drop schema ${sql.id(schema)}`.execute(trx);
    await sql`delete from ${sql.id(readSchema, 'checkpoints')} where consumer = ${next.consumer} and slot = 'live'`.execute(
      trx,
    );
    await sql`
      update ${sql.id(readSchema, 'checkpoints')} set slot = 'live', epoch = ${Math.max(next.epoch, live?.epoch ?? 0) + 1}
      where consumer = ${next.consumer} and slot = 'next'`.execute(trx);
    return await findSeat(trx, next.consumer, 'live');
  });
}
