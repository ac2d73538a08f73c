import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { asStoreError, isTimeout, isUnavailable } from './failures.ts';

/** Longer than any statement of the store takes on a server that lives. A hung server shows as unavailable. */
const timeoutMs = 30_000;

/** Connections die together, and those that lie in the pool tell it one by one: the second try may meet another. */
const retryAfterMs = [10, 50];

/** Prepared once per connection: parsed and planned anew each time, an append of a few events costs a fifth more. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * Runs one statement. A connection that died while it lay in the pool is nobody's business, so a failure of
 * that kind is tried again, on another connection. Repeating must be harmless: reads are, and appends are
 * because they are recognised by their event ids.
 */
export async function query<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: string | NamedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  const named = typeof statement === 'string' ? { text: statement } : statement;
  // The driver takes a timeout per statement, which its types do not tell.
  const config: pg.QueryConfig = Object.assign({ query_timeout: timeoutMs }, named, { values: [...values] });
  for (let attempt = 0; ; attempt++) {
    try {
      return (await pool.query<Row>(config)).rows;
    } catch (error) {
      const waitMs = retryAfterMs[attempt];
      if (waitMs === undefined || !isUnavailable(error) || isTimeout(error)) throw asStoreError(error);
      await delay(waitMs);
    }
  }
}
