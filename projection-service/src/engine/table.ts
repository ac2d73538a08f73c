/**
 * The shape of one read-model table: what its rows are in code, what they are in Postgres, and how one
 * becomes the other.
 *
 * A row in code is plain JSON: instants are ms numbers, absent values are null. Text compares by bytes
 * (`collate "C"`), so that Postgres and code agree on order.
 */
export interface TableShape<C extends Columns = Columns, K extends string = string> {
  readonly name: string;
  readonly columns: C;
  /** The primary key. */
  readonly key: readonly K[];
  /** Secondary indexes, each a list of columns. */
  readonly indexes: readonly (readonly string[])[];
}

export type Columns = Readonly<Record<string, Column<unknown, unknown>>>;

/** `T` is the value in a row, `S` what a select through pg answers. Both are only for the compiler. */
export interface Column<T, S = T> {
  readonly type: string;
  readonly nullable: boolean;
  readonly instant: boolean;
  readonly row?: T;
  readonly selected?: S;
}

export type RowOf<C extends Columns> = { readonly [N in keyof C]: C[N] extends Column<infer T, infer _> ? T : never };
export type SelectedOf<C extends Columns> = {
  readonly [N in keyof C]: C[N] extends Column<infer _, infer S> ? S : never;
};

const column = <T, S = T>(type: string, instant = false): Column<T, S> => ({ type, nullable: false, instant });

export const text = column<string>('text collate "C"');
/** Text of which only some values occur. */
export const oneOf = <T extends string>(): Column<T> => column<T>('text collate "C"');
export const integer = column<number>('integer');
/** Integers up to 2^53. pg answers them as text. */
export const big = column<number, string>('bigint');
export const boolean = column<boolean>('boolean');
export const instant = column<number, Date>('timestamptz', true);
/** Kept as the text it was written as: nothing inside is searched for. */
export const json = <T>(): Column<T> => column<T>('json');
export const nullable = <T, S>(of: Column<T, S>): Column<T | null, S | null> => ({ ...of, nullable: true });

export function defineTable<C extends Columns, K extends keyof C & string>(
  name: string,
  columns: C,
  options: { readonly key: readonly K[]; readonly indexes?: readonly (readonly (keyof C & string)[])[] },
): TableShape<C, K> {
  return { name, columns, key: options.key, indexes: options.indexes ?? [] };
}

/** The statement that makes the table in a schema, without its secondary indexes. */
export function createTable(schema: string, { name, columns, key }: TableShape): string {
  const lines = Object.entries(columns).map(
    ([column, of]) => `${quote(column)} ${of.type}${of.nullable ? '' : ' not null'}`,
  );
  return `create table ${nameOf(schema, { name })} (${lines.join(', ')}, primary key (${list(key)}))`;
}

/** The statements that make its secondary indexes, where they are not there yet. */
export function createIndexes(schema: string, { name, indexes }: TableShape): string[] {
  return indexes.map(
    (index) =>
      `create index if not exists ${quote(`${name}_${index.join('_')}`)} on ${nameOf(schema, { name })} (${list(index)})`,
  );
}

export const nameOf = (schema: string, { name }: Pick<TableShape, 'name'>): string => `${quote(schema)}.${quote(name)}`;
export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
export const list = (columns: readonly string[]): string => columns.map(quote).join(', ');
