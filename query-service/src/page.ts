import { pageQuery } from '@agentcal/shared/http/schemas';
import { Refusal } from '@agentcal/shared/kernel/refusal';

export { pageQuery };

/**
 * Pages by key: a cursor says after which row to go on, not how many to leave out, so that a list stays itself while
 * rows are written before and after it.
 */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

export const defaultLimit = 25;

/** Makes a page of up to one row more than was asked for. `keyOf` tells what the list is ordered by. */
export function pageOf<Row, View>(
  rows: readonly Row[],
  { limit = defaultLimit }: PageQuery,
  { view, keyOf }: { view: (row: Row) => View; keyOf: (row: Row) => readonly (string | number)[] },
): { data: View[]; has_more: boolean; next_cursor?: string } {
  const data = rows.slice(0, limit).map(view);
  if (rows.length <= limit) return { data, has_more: false };
  return { data, has_more: true, next_cursor: encode(keyOf(rows[limit - 1]!)) };
}

/** What a cursor of this list holds. @throws {Refusal} `invalid_cursor` */
export function readCursor<const K extends readonly ('number' | 'string')[]>(
  cursor: string,
  kinds: K,
): { -readonly [I in keyof K]: K[I] extends 'number' ? number : string } {
  const parts = decode(cursor);
  const fits =
    Array.isArray(parts) && parts.length === kinds.length && parts.every((part, i) => typeof part === kinds[i]);
  if (!fits || !parts.every((part) => typeof part === 'string' || Number.isSafeInteger(part))) throw invalidCursor();
  return parts as never;
}

function encode(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
}

export function invalidCursor(): Refusal {
  const errors = [{ pointer: '/query/cursor', detail: 'must be the next_cursor of a page of this list' }];
  return new Refusal('invalid_cursor', undefined, { errors });
}
