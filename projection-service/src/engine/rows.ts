import { type Kysely, sql } from 'kysely';
import type { Row } from './fold.ts';
import { list, quote, type TableShape } from './table.ts';

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
    from json_populate_recordset(null::${table}, ${JSON.stringify(keys)}::json) k
    cross join lateral (select * from ${table} t where ${sameKey(shape)} ${byIndex}) t`.execute(db);
  return (JSON.parse(rows[0]!.rows) as Row[]).map((row) => decode(shape, row));
}

export async function upsertRows(db: Db, schema: string, shape: TableShape, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const table = nameOf(schema, shape);
  const columns = Object.keys(shape.columns);
  const values = columns.filter((column) => !shape.key.includes(column));
  const change = values.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(', ');
  await sql`
    insert into ${sql.raw(table)} (${sql.raw(list(columns))})
    select ${sql.raw(list(columns))} from json_populate_recordset(null::${sql.raw(table)}, ${encode(shape, rows)}::json)
    on conflict (${sql.raw(list(shape.key))}) do ${sql.raw(change === '' ? 'nothing' : `update set ${change}`)}`.execute(
    db,
  );
}

export async function deleteRows(db: Db, schema: string, shape: TableShape, keys: readonly Row[]): Promise<void> {
  if (keys.length === 0) return;
  const table = sql.raw(nameOf(schema, shape));
  await sql`
    delete from ${table} where ctid = any(array(
      select t.ctid from json_populate_recordset(null::${table}, ${JSON.stringify(keys)}::json) k
      cross join lateral (select ctid from ${table} t where ${sameKey(shape)} ${byIndex}) t))`.execute(db);
}

/**
 * Keeps a look-up from becoming a join. Postgres knows nothing of tables that have just grown, and would read one from end
 * to end for a handful of its rows.
 */
const byIndex = sql.raw('offset 0');

function sameKey({ key }: TableShape) {
  return sql.raw(key.map((column) => `t.${quote(column)} = k.${quote(column)}`).join(' and '));
}

const nameOf = (schema: string, { name }: TableShape) => `${quote(schema)}.${quote(name)}`;

function decode({ columns }: TableShape, row: Row): Row {
  const decoded: Record<string, unknown> = { ...row };
  for (const [name, { instant }] of Object.entries(columns)) {
    if (instant && row[name] !== null) decoded[name] = Date.parse(row[name] as string);
  }
  return decoded;
}

function encode({ columns }: TableShape, rows: readonly Row[]): string {
  const instants = Object.keys(columns).filter((name) => columns[name]!.instant);
  if (instants.length === 0) return JSON.stringify(rows);
  return JSON.stringify(
    rows.map((row) => {
      const encoded: Record<string, unknown> = { ...row };
      for (const name of instants) if (row[name] !== null) encoded[name] = new Date(row[name] as number).toISOString();
      return encoded;
    }),
  );
}
