import { sql } from 'kysely';
import { createSeat, findSeat, lockSetup, type Seat } from './checkpoints.ts';
import type { AnyDb } from './commit.ts';
import type { AnyTransaction, Consumer, Projection, Reaction } from './consumer.ts';
import { readSchema } from './schema.ts';
import { createIndexes, createTable } from './table.ts';

/**
 * Finds a consumer's live seat at this version. The first time it makes the seat and its tables; a
 * reaction of an older version is sent through the log again, quietly. A projection of an older version is
 * left as it is: build.ts brings the new one.
 */
export async function openLive(db: AnyDb, consumer: Consumer): Promise<Seat> {
  return await db.transaction().execute(async (trx) => {
    await lockSetup(trx);
    if (consumer.kind === 'reaction') await consumer.setup?.(trx);
    const seat = (await findSeat(trx, consumer.name, 'live')) ?? (await found(trx, consumer));
    return consumer.kind === 'reaction' && seat.version < consumer.version
      ? await startOver(trx, consumer, seat)
      : seat;
  });
}

async function found(trx: AnyTransaction, consumer: Consumer): Promise<Seat> {
  const tables = consumer.kind === 'projection' ? await createTables(trx, readSchema, consumer) : [];
  if (consumer.kind === 'projection') await indexTables(trx, readSchema, consumer);
  return await createSeat(trx, { consumer: consumer.name, slot: 'live', version: consumer.version, tables });
}

export async function createTables(trx: AnyTransaction, schema: string, { folds }: Projection): Promise<string[]> {
  for (const { shape } of folds) await sql.raw(createTable(schema, shape)).execute(trx);
  return folds.map(({ shape }) => shape.name);
}

export async function indexTables(trx: AnyTransaction, schema: string, { folds }: Projection): Promise<void> {
  for (const { shape } of folds) {
    for (const statement of createIndexes(schema, shape)) await sql.raw(statement).execute(trx);
  }
}

/** Back to the beginning of the log. What was reacted to before is quiet this time. */
export async function startOver(trx: AnyTransaction, reaction: Reaction, live: Seat): Promise<Seat> {
  await reaction.reset?.(trx);
  await sql`
    update ${sql.id(readSchema, 'checkpoints')}
    set version = ${reaction.version}, position = 0, quiet_until = greatest(quiet_until, position), epoch = epoch + 1
    where consumer = ${live.consumer} and slot = 'live'`.execute(trx);
  return (await findSeat(trx, live.consumer, 'live'))!;
}
