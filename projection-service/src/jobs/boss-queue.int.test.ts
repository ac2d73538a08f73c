import { testDatabase } from '@agentcal/shared/testing/database';
import { Kysely, PostgresDialect } from 'kysely';
import { pino } from 'pino';
import t from 'tap';
import { startJobs, stopJobs } from './boss.ts';
import { openBossQueue } from './boss-queue.ts';
import { queueContract } from './contract.ts';

queueContract(t, async (t, terms) => {
  const { pool, url } = await testDatabase(t);
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  const boss = await startJobs({ databaseUrl: url, log: pino({ level: 'silent' }) });
  t.teardown(() => stopJobs(boss));
  return {
    queue: await openBossQueue(boss, 'named', terms),
    transaction: (work) => db.transaction().execute((trx) => work(trx)),
  };
});
