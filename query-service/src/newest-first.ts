import type { ReadModel } from '@agentcal/projection-service/tables';
import { type SelectQueryBuilder, sql } from 'kysely';
import { defaultLimit, type PageQuery, pageOf, readCursor } from './page.ts';

/** A page of what was created last. Positions never change and none is given twice, so pages neither repeat nor skip. */
export async function newestFirst<T extends keyof ReadModel, Row extends { readonly position: string }, View>(
  query: SelectQueryBuilder<ReadModel, T, Row>,
  page: PageQuery,
  view: (row: Row) => View,
) {
  const { limit = defaultLimit, cursor } = page;
  const position = sql.ref('position');
  const after =
    cursor === undefined ? query : query.where(sql<boolean>`${position} < ${readCursor(cursor, ['number'])[0]}`);
  const rows = await after
    .orderBy(position, 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, page, { view, keyOf: (row) => [Number(row.position)] });
}
