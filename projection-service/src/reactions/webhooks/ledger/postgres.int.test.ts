import { testDatabase } from '@agentcal/shared/testing/database';
import { Kysely, PostgresDialect, sql } from 'kysely';
import t, { type Test } from 'tap';
import { createTable } from '../../../engine/table.ts';
import { publicEvents } from '../../../read-models/public-events/table.ts';
import { ledgerContract, type OpenedLedger, rest } from './contract.ts';
import { openPostgresLedger } from './postgres.ts';
import { turnsContract } from './turns-contract.ts';

const open = async (t: Test): Promise<OpenedLedger> => {
  const { pool } = await testDatabase(t);
  // biome-ignore lint/suspicious/noExplicitAny: the ledger types its own tables
  const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
  await sql.raw(`create schema read; ${createTable('read', publicEvents)}`).execute(db);
  return {
    ledger: await openPostgresLedger(db),
    transaction: (work) => db.transaction().execute((trx) => work(trx)),
    tell: async (event) =>
      void (await db
        .insertInto('read.public_events')
        .values({ ...rest, ...event })
        .execute()),
    statuses: async () => {
      const { rows } = await pool.query(
        'select webhook_id as "webhookId", event_id as "eventId", status, attempts from webhooks.deliveries',
      );
      return rows;
    },
  };
};

ledgerContract(t, open);
turnsContract(t, open);
