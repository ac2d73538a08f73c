import { type Kysely, sql } from 'kysely';
import type { AnyTransaction } from './consumer.ts';
import { readSchema } from './schema.ts';
import { Fenced, type Seat, type Slot } from './storage/port.ts';

/** The seats of storage/port.ts as rows of a table, each locked by its row. */

// biome-ignore lint/suspicious/noExplicitAny: the engine's own table is not part of any read model
type Db = Kysely<any>;

/** Idempotent, also when several processes start at once. */
export async function createCheckpoints(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockSetup(trx);
    await sql`create schema if not exists ${sql.id(readSchema)}`.execute(trx);
    await sql`
      create table if not exists ${sql.id(readSchema)}.checkpoints (
        consumer text not null,
        slot text not null check (slot in ('live', 'next')),
        version integer not null,
        epoch integer not null default 0,
        position bigint not null,
        quiet_until bigint not null default 0,
        tables text[] not null,
        primary key (consumer, slot)
      )`.execute(trx);
  });
}

/** Whoever makes tables is alone with it until their transaction ends. */
export async function lockSetup(trx: AnyTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('agentcal:read:setup', 0))`.execute(trx);
}

interface SeatRow {
  consumer: string;
  slot: Slot;
  version: number;
  epoch: number;
  position: string;
  quiet_until: string;
  tables: string[];
}

export async function findSeat(db: Db, consumer: string, slot: Slot): Promise<Seat | undefined> {
  const { rows } = await sql<SeatRow>`
    select * from ${table} where consumer = ${consumer} and slot = ${slot} for update`.execute(db);
  return rows[0] && toSeat(rows[0]);
}

export async function createSeat(
  trx: AnyTransaction,
  seat: Pick<Seat, 'consumer' | 'slot' | 'version' | 'tables'>,
): Promise<Seat> {
  const { rows } = await sql<SeatRow>`
    insert into ${table} (consumer, slot, version, position, tables)
    values (${seat.consumer}, ${seat.slot}, ${seat.version}, 0, ${[...seat.tables]}) returning *`.execute(trx);
  return toSeat(rows[0]!);
}

/** Takes the seat: whoever had it cannot commit from here on, and what they were committing is either in or out. */
export async function takeSeat(db: Db, consumer: string, slot: Slot): Promise<Seat> {
  const { rows } = await sql<SeatRow>`
    update ${table} set epoch = epoch + 1 where consumer = ${consumer} and slot = ${slot} returning *`.execute(db);
  if (!rows[0]) throw new Fenced(`${consumer} has no ${slot} seat any more`);
  return toSeat(rows[0]);
}

/** Locks the seat for this transaction, and says whether its commit waits for the disk. @throws {Fenced} */
export async function holdSeat(
  trx: AnyTransaction,
  seat: Seat,
  { waitsForDisk }: { readonly waitsForDisk: boolean },
): Promise<void> {
  const { rows } = await sql`
    select set_config('synchronous_commit', ${waitsForDisk ? 'on' : 'off'}, true) from ${table}
    where consumer = ${seat.consumer} and slot = ${seat.slot} and epoch = ${seat.epoch} and position = ${seat.position}
    for update`.execute(trx);
  if (rows.length === 0) throw new Fenced(`${seat.consumer} is led by somebody else`);
}

/** Moves the checkpoint from its old value. @throws {Fenced} */
export async function moveSeat(db: Db, seat: Seat, position: bigint): Promise<Seat> {
  const { numAffectedRows } = await sql`
    update ${table} set position = ${position}
    where consumer = ${seat.consumer} and slot = ${seat.slot} and epoch = ${seat.epoch} and position = ${seat.position}`.execute(
    db,
  );
  if (numAffectedRows !== 1n) throw new Fenced(`${seat.consumer} is led by somebody else`);
  return { ...seat, position };
}

const table = sql.id(readSchema, 'checkpoints');

const toSeat = ({ quiet_until, position, ...row }: SeatRow): Seat => ({
  ...row,
  position: BigInt(position),
  quietUntil: BigInt(quiet_until),
});
