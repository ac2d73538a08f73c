import { type Kysely, sql } from 'kysely';
import type { Row } from './fold.ts';
import { list, nameOf, quote, type TableShape } from './table.ts';

/**
 * Rows of one table in bulk: one statement loads, writes or deletes thousands. They travel as one JSON
 * document, which node and Postgres both read natively.
 */

// biome-ignore lint/suspicious/noExplicitAny: works on whatever table it is given
type Db = Kysely<any>;

export async function loadRows(db: Db, schema: string, shape: TableShape, keys: readonly Row[]): Promise<Row[]> {
  if (keys.length === 0) return [];
  const table = sql.raw(nameOf(schema, shape));
  const { rows } = await sql<{ rows: string }>`
    select coalesce(json_agg(t), '[]')::text as rows
    from json_to_recordset(${JSON.stringify(keys)}::json) as k (${keyColumns(shape)})
    cross join lateral (select * from ${table} t where ${sameKey(shape)} ${byIndex}) t`.execute(db);
  return decode(shape, JSON.parse(rows[0]!.rows));
}

export async function upsertRows(db: Db, schema: string, shape: TableShape, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const table = nameOf(schema, shape);
  const columns = Object.keys(shape.columns);
  const values = columns.filter((column) => !shape.key.includes(column));
  const change = values.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(', ');
  const { described, selected } = asWritten(shape);
  await sql`
    insert into ${sql.raw(table)} (${sql.raw(list(columns))})
    select ${sql.raw(selected)} from json_to_recordset(${JSON.stringify(rows)}::json) as t (${sql.raw(described)})
    on conflict (${sql.raw(list(shape.key))}) do ${sql.raw(change === '' ? 'nothing' : `update set ${change}`)}`.execute(
    db,
  );
}

/** How rows are read out of their JSON. Instants are the numbers that they are in code: making texts of them cost the most. */
function asWritten({ columns }: TableShape): { described: string; selected: string } {
  const all = Object.entries(columns);
  const typeOf = ({ instant, type }: TableShape['columns'][string]) =>
    instant ? 'double precision' : type.replace(/ collate .*/, '');
  return {
    described: all.map(([name, column]) => `${quote(name)} ${typeOf(column)}`).join(', '),
    selected: all
      .map(([name, { instant }]) => (instant ? `to_timestamp(t.${quote(name)} / 1000)` : `t.${quote(name)}`))
      .join(', '),
  };
}

export async function deleteRows(db: Db, schema: string, shape: TableShape, keys: readonly Row[]): Promise<void> {
  if (keys.length === 0) return;
  const table = sql.raw(nameOf(schema, shape));
  await sql`
    delete from ${table} where ctid = any(array(
      select t.ctid from json_to_recordset(${JSON.stringify(keys)}::json) as k (${keyColumns(shape)})
      cross join lateral (select ctid from ${table} t where ${sameKey(shape)} ${byIndex}) t))`.execute(db);
}

/**
 * Keeps a look-up from becoming a join. Postgres knows nothing of tables that have just grown, and would read one from end
 * to end for a handful of its rows.
 */
const byIndex = sql.raw('offset 0');

function keyColumns({ columns, key }: TableShape) {
  return sql.raw(key.map((column) => `${quote(column)} ${columns[column]!.type}`).join(', '));
}

function sameKey({ key }: TableShape) {
  return sql.raw(key.map((column) => `t.${quote(column)} = k.${quote(column)}`).join(' and '));
}

function decode({ columns }: TableShape, rows: readonly Row[]): Row[] {
  const instants = Object.keys(columns).filter((name) => columns[name]!.instant);
  return rows.map((row) => {
    const decoded: Record<string, unknown> = { ...row };
    for (const name of instants) if (row[name] !== null) decoded[name] = Date.parse(row[name] as string);
    return decoded;
  });
}
