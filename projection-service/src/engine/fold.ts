import type { EventDefinition } from '@agentcal/shared/kernel/event';
import type { ConsumedEvent, ConsumedOf } from './consumer.ts';
import type { Columns, RowOf, TableShape } from './table.ts';

/**
 * How events become rows of one table: for each event the keys of the rows it touches, and what each of
 * these rows is afterwards. Pure, so that a batch folds in memory between one load and one write, and a
 * test needs no database.
 */
export interface Fold {
  readonly shape: TableShape;
  readonly definitions: readonly EventDefinition[];
  readonly types: readonly string[];
  readonly on: Readonly<Record<string, Touch | undefined>>;
  /** Where the rows follow from the changes of another table of the same projection, named before it. */
  readonly follows?: { readonly shape: TableShape; readonly touch: Touch<Row, Row, Change> };
}

/** What one event (or change) does to a table. `Cause` is what it is caused by. */
export interface Touch<R = Row, K = Row, Cause = ConsumedEvent> {
  keys(cause: Cause): readonly K[];
  /** The row afterwards; `undefined` for none. Must not write to the row it is given. */
  fold(row: R | undefined, cause: Cause, key: K): R | undefined;
}

export type Row = Readonly<Record<string, unknown>>;

/** A row before and after one event; `undefined` where there was or is none. */
export interface Change<R = Row> {
  readonly before: R | undefined;
  readonly after: R | undefined;
}

/** One entry for every event of the definitions: a forgotten one fails to compile. */
export type Handlers<R, K, E extends ConsumedEvent> = {
  readonly [T in E['type']]: 'ignored' | Touch<R, K, Extract<E, { type: T }>>;
};

export function defineFold<C extends Columns, K extends keyof C & string, const D extends readonly EventDefinition[]>(
  shape: TableShape<C, K>,
  definitions: D,
  handlers: Handlers<RowOf<C>, Pick<RowOf<C>, K>, ConsumedOf<D>>,
): Fold {
  const entries = Object.entries<'ignored' | Touch<RowOf<C>, Pick<RowOf<C>, K>, never>>(handlers);
  const on = Object.fromEntries(
    entries.flatMap(([type, touch]) => (touch === 'ignored' ? [] : [[type, touch as unknown as Touch]])),
  );
  return { shape: shape as unknown as TableShape, definitions, types: Object.keys(on), on };
}

/** Lets a table also follow the changes of another one, where an event alone does not say which rows it touches. */
export function following<S extends Columns, C extends Columns, K extends keyof C & string>(
  fold: Fold & { readonly shape: TableShape },
  source: TableShape<S>,
  touch: Touch<RowOf<C>, Pick<RowOf<C>, K>, Change<RowOf<S>>>,
): Fold {
  return {
    ...fold,
    follows: { shape: source as unknown as TableShape, touch: touch as unknown as Touch<Row, Row, Change> },
  };
}

/** The rows of one table that a batch touches, before and after it. */
export class TableFold {
  readonly #fold: Fold;
  readonly #steps: readonly Step[];
  readonly #loaded = new Map<string, Row>();
  readonly #keys = new Map<string, Row>();
  readonly #rows = new Map<string, Row | undefined>();

  /** `sources`: the folds of the batch so far, by table name. */
  constructor(fold: Fold, events: readonly ConsumedEvent[], sources: ReadonlyMap<string, readonly Changes[]>) {
    this.#fold = fold;
    this.#steps = stepsOf(fold, events, sources);
    for (const { key, id } of this.#steps) this.#keys.set(id, key);
  }

  get keys(): readonly Row[] {
    return [...this.#keys.values()];
  }

  /** Takes the rows that stand, folds the events over them, and answers each event's changes. */
  run(standing: readonly Row[], events: number): readonly Changes[] {
    for (const row of standing) this.#loaded.set(idOf(this.#fold.shape, row), row);
    for (const [id, row] of this.#loaded) this.#rows.set(id, row);
    const changes: Change[][] = Array.from({ length: events }, () => []);
    for (const { index, key, id, step } of this.#steps) {
      const before = this.#rows.get(id);
      const after = step(before, key);
      if (after === before) continue;
      this.#rows.set(id, after);
      changes[index]!.push({ before, after });
    }
    return changes;
  }

  /** What has to be written: rows that are new or other than they were. */
  get upserts(): readonly Row[] {
    return [...this.#rows].flatMap(([id, row]) => (row !== undefined && row !== this.#loaded.get(id) ? [row] : []));
  }

  /** Keys of rows that stood and are no more. */
  get deletes(): readonly Row[] {
    return [...this.#rows].flatMap(([id, row]) =>
      row === undefined && this.#loaded.has(id) ? [this.#keys.get(id)!] : [],
    );
  }
}

export type Changes = readonly Change[];

interface Step {
  /** Of the event in the batch. */
  readonly index: number;
  readonly key: Row;
  readonly id: string;
  readonly step: (row: Row | undefined, key: Row) => Row | undefined;
}

function stepsOf(
  { shape, on, follows }: Fold,
  events: readonly ConsumedEvent[],
  sources: ReadonlyMap<string, readonly Changes[]>,
): Step[] {
  const steps: Step[] = [];
  const add = <C>(index: number, touch: Touch<Row, Row, C>, cause: C) => {
    for (const key of touch.keys(cause))
      steps.push({ index, key, id: idOf(shape, key), step: (row, at) => touch.fold(row, cause, at) });
  };
  const changes = follows && sources.get(follows.shape.name);
  for (const [index, event] of events.entries()) {
    const touch = on[event.type];
    if (touch) add(index, touch, event);
    for (const change of changes?.[index] ?? []) add(index, follows!.touch, change);
  }
  return steps;
}

/** A row's key as one string. */
export function idOf({ key }: TableShape, row: Row): string {
  return key.length === 1 ? String(row[key[0]!]) : key.map((column) => row[column]).join('\n');
}
