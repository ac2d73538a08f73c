import type { Deps } from '@agentcal/shared/process/deps';
import { Kysely, PostgresDialect } from 'kysely';
import { projections } from './consumers.ts';
import { rebuild } from './engine/by-hand.ts';
import { createLeadership } from './engine/leadership.ts';
import { createPostgresStorage } from './engine/storage/postgres.ts';
import { createProgress } from './progress.ts';

/** Read models that can be built anew. */
export const rebuildable: readonly string[] = projections.map(({ name }) => name);

/**
 * Builds a read model anew from the whole log, beside the live one, and swaps it in: on a running product or on
 * one that is down. Answers how far in the log it came.
 */
export async function rebuildReadModel(deps: Deps, name: string, signal: AbortSignal): Promise<bigint> {
  const projection = projections.find((one) => one.name === name);
  if (!projection) throw new Error(`There is no read model ${name}. There are: ${rebuildable.join(', ')}.`);
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool: deps.pool }) });
  const progress = createProgress({ db, bus: deps.bus });
  const leadership = createLeadership({ pool: deps.pool });
  try {
    return await rebuild(
      projection,
      { ...deps, storage: createPostgresStorage(deps.pool), progress, leadership },
      signal,
    );
  } finally {
    await leadership.close();
    progress.close();
  }
}
