import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { besideThePool } from '../connections.ts';

/**
 * A process tells of each job in hand that it still works on it. A job of which that has not been heard for so long was
 * cut off, with its process or from Postgres, and is tried again. The least that pg-boss allows.
 */
export const heartbeatSeconds = 10;
/** How much later at most that is noticed. */
const lookForCutOffSeconds = 5;

/**
 * Jobs: work that a reaction has decided on and that reaches outside of Postgres. They live in schema `jobs`,
 * are enqueued in the reaction's own transaction, and are tried again until they succeed or give up.
 */
export async function startJobs(options: { readonly databaseUrl: string; readonly log: Logger }): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: options.databaseUrl,
    schema: 'jobs',
    application_name: 'agentcal-jobs',
    max: besideThePool.jobs,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: lookForCutOffSeconds,
    monitorIntervalSeconds: lookForCutOffSeconds,
  });
  boss.on('error', (error) => options.log.error({ err: asError(error) }, 'the job queue failed and goes on'));
  await boss.start();
  return boss;
}

/** Ends within about a second. What its connections say while they are cut off is the end, and no failure. */
export async function stopJobs(boss: PgBoss): Promise<void> {
  boss.removeAllListeners('error').on('error', () => {});
  await boss.stop({ timeout: 1_000 });
}

/** What pg-boss says of a failure is sometimes a copy of its fields, which a log would show as `[object Object]`. */
export function asError(failure: object): Error {
  if (failure instanceof Error) return failure;
  return Object.assign(new Error('message' in failure ? String(failure.message) : 'unknown'), failure);
}
