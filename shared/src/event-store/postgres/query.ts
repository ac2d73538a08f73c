import type pg from 'pg';
import { asStoreError, isTimeout, isUnavailable } from './failures.ts';

/** Longer than any statement of the store takes on a server that lives. A hung server shows as unavailable. */
const timeoutMs = 30_000;

/**
 * Runs one statement. A connection that died while it lay in the pool is nobody's business, so a failure
 * of that kind is tried once more, on another connection. Repeating must be harmless: reads are, and
 * appends are because they are recognised by their event ids.
 */
export async function query<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const config = { text, values: [...values], query_timeout: timeoutMs };
  try {
    return (await pool.query<Row>(config)).rows;
  } catch (error) {
    if (!isUnavailable(error) || isTimeout(error)) throw asStoreError(error);
  }
  try {
    return (await pool.query<Row>(config)).rows;
  } catch (error) {
    throw asStoreError(error);
  }
}
