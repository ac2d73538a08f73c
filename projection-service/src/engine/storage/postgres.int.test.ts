import { testDatabase } from '@agentcal/shared/testing/database';
import { Kysely, PostgresDialect } from 'kysely';
import t from 'tap';
import { storageContract } from './contract.ts';
import { createPostgresStorage } from './postgres.ts';

storageContract(t, async (t) => {
  const { pool } = await testDatabase(t);
  const open = () => createPostgresStorage(new Kysely<never>({ dialect: new PostgresDialect({ pool }) }));
  return [open(), open()];
});
