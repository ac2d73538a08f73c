import { Kysely, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import { createCheckpoints, createSeat, findSeat, holdSeat, lockSetup, moveSeat, takeSeat } from '../checkpoints.ts';
import type { AnyDb, AnyTransaction } from '../consumer.ts';
import { deleteRows, loadRows, upsertRows } from '../rows.ts';
import { readSchema } from '../schema.ts';
import { createIndexes, createTable, nameOf, quote } from '../table.ts';
import { copyRows } from './copy.ts';
import type { Seat, Seats, Storage, StorageTransaction } from './port.ts';

/** Rows and checkpoints in Postgres, each transaction one of its own. */
export function createPostgresStorage(pool: pg.Pool): Storage {
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  return {
    ...seatsOf(db),
    prepare: () => createCheckpoints(db),
    transaction: async (work) => {
      const client = await pool.connect();
      return await databaseOn(client)
        .transaction()
        .execute((trx) => work(transactionOf(trx, client)));
    },
  };
}

const databases = new WeakMap<pg.PoolClient, AnyDb>();

/** A connection as a database of its own, which gives it back after a transaction: what the query builder cannot do is done beside it. */
function databaseOn(client: pg.PoolClient): AnyDb {
  const known = databases.get(client);
  if (known) return known;
  const pool = { options: {}, connect: async () => client, end: async () => {} };
  const database: AnyDb = new Kysely({ dialect: new PostgresDialect({ pool }) });
  databases.set(client, database);
  return database;
}

function seatsOf(db: AnyDb): Seats {
  return {
    findSeat: (consumer, slot) => findSeat(db, consumer, slot),
    takeSeat: (consumer, slot) => takeSeat(db, consumer, slot),
    moveSeat: (seat, position) => moveSeat(db, seat, position),
  };
}

function transactionOf(trx: AnyTransaction, client: pg.PoolClient): StorageTransaction {
  const run = async (statement: string) => void (await sql.raw(statement).execute(trx));
  return {
    ...seatsOf(trx),
    lockSetup: () => lockSetup(trx),
    createSeat: (seat) => createSeat(trx, seat),
    holdSeat: (seat, options) => holdSeat(trx, seat, options),
    removeSeat: async (consumer, slot) => {
      await sql`delete from ${checkpoints} where consumer = ${consumer} and slot = ${slot}`.execute(trx);
    },
    restartSeat: async ({ consumer, slot }, version) => {
      await sql`
        update ${checkpoints}
        set version = ${version}, position = 0, quiet_until = greatest(quiet_until, position), epoch = epoch + 1
        where consumer = ${consumer} and slot = ${slot}`.execute(trx);
      return (await findSeat(trx, consumer, slot))!;
    },
    promoteSeat: (next, epoch) => promoteSeat(trx, next, epoch),
    createSchema: async (schema) => {
      await run(`drop schema if exists ${quote(schema)} cascade`);
      await run(`create schema ${quote(schema)}`);
    },
    dropSchema: (schema) => run(`drop schema ${quote(schema)}`),
    createTable: (schema, shape) => run(createTable(schema, shape)),
    createIndexes: async (schema, shape) => {
      for (const statement of createIndexes(schema, shape)) await run(statement);
    },
    dropTable: (schema, table) => run(`drop table ${nameOf(schema, { name: table })}`),
    moveTable: (from, to, table) => run(`alter table ${nameOf(from, { name: table })} set schema ${quote(to)}`),
    loadRows: (schema, shape, keys) => loadRows(trx, schema, shape, keys),
    insertRows: (schema, shape, rows) => copyRows(client, schema, shape, rows),
    upsertRows: (schema, shape, rows) => upsertRows(trx, schema, shape, rows),
    deleteRows: (schema, shape, keys) => deleteRows(trx, schema, shape, keys),
    limitLockWait: (ms) => run(`set local lock_timeout = '${ms}ms'`),
    native: trx,
  };
}

async function promoteSeat(trx: AnyTransaction, { consumer }: Seat, epoch: number): Promise<Seat> {
  await sql`
    update ${checkpoints} set slot = 'live', epoch = ${epoch} where consumer = ${consumer} and slot = 'next'`.execute(
    trx,
  );
  return (await findSeat(trx, consumer, 'live'))!;
}

const checkpoints = sql.id(readSchema, 'checkpoints');
