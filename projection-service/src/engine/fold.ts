import type { ConsumedEvent } from './consumer.ts';
import type { Columns, RowOf, TableShape } from './table.ts';

/**
 * How events become rows of one table: for each event the keys of the rows it touches, and what each of
 * these rows is afterwards. Pure, so that a batch folds in memory between one load and one write, and a
 * test needs no database.
 */
export interface Fold {
  readonly shape: TableShape;
  readonly on: Readonly<Record<string, Touch | undefined>>;
  /** Tables of the same projection, folded before, whose changes it follows: where an event does not say which rows it touches. */
  readonly follows: readonly { readonly source: string; readonly touch: Touch<Row, Row, Change> }[];
  /** Whether another table follows the changes of this one. */
  readonly followed: boolean;
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

export type Tables = Readonly<Record<string, TableShape>>;

type TouchOf<S, Cause> = S extends { readonly columns: infer C extends Columns; readonly key: readonly (infer K)[] }
  ? Touch<RowOf<C>, Pick<RowOf<C>, K & keyof C>, Cause>
  : never;

/** One entry for every event of the definitions, naming the tables it touches: a forgotten one fails to compile. */
export type Handlers<T extends Tables, E extends ConsumedEvent> = {
  readonly [Type in E['type']]:
    | 'ignored'
    | { readonly [N in keyof T]?: TouchOf<T[N], Extract<E, { readonly type: Type }>> };
};

/** For tables whose rows follow from another table's: which one, and what a change of it does. */
export type Followers<T extends Tables> = {
  readonly [N in keyof T]?: {
    readonly [S in keyof T]?: T[S] extends TableShape<infer C> ? TouchOf<T[N], Change<RowOf<C>>> : never;
  };
};

/** One fold per table, out of what each event does. */
export function defineFolds<T extends Tables, E extends ConsumedEvent>(options: {
  readonly tables: T;
  readonly on: Handlers<T, E>;
  readonly follows?: Followers<T>;
}): readonly Fold[] {
  const handlers = Object.entries(options.on as Record<string, 'ignored' | Record<string, Touch>>);
  return Object.entries(options.tables).map(([table, shape]) => {
    const touches = handlers.flatMap(([type, of]) => (of === 'ignored' || !of[table] ? [] : [[type, of[table]]]));
    const sources = Object.entries(options.follows?.[table] ?? {}) as [string, Touch<Row, Row, Change>][];
    const follows = sources.map(([source, touch]) => ({ source: options.tables[source]!.name, touch }));
    const followed = Object.values(options.follows ?? {}).some((sources) => sources !== undefined && table in sources);
    return { shape, on: Object.fromEntries(touches), follows, followed };
  });
}

/** The rows of one table that a batch touches, before and after it. */
export class TableFold {
  readonly #fold: Fold;
  readonly #places = new Map<string, Place>();
  readonly #steps: readonly Step[];

  /** `sources`: the folds of the batch so far, by table name. */
  constructor(fold: Fold, events: readonly ConsumedEvent[], sources: ReadonlyMap<string, Changes>) {
    this.#fold = fold;
    this.#steps = stepsOf(fold, events, sources, this.#places);
  }

  get keys(): readonly Row[] {
    return Array.from(this.#places.values(), ({ key }) => key);
  }

  /** Takes the rows that stand, folds the events over them, and answers what they changed. */
  run(standing: readonly Row[]): Changes {
    for (const row of standing) {
      const place = this.#places.get(idOf(this.#fold.shape, row))!;
      place.stood = place.row = row;
    }
    const changes: Change[][] = [];
    for (const { index, place, touch, cause } of this.#steps) {
      const before = place.row;
      const after = touch.fold(before, cause, place.key);
      if (after === before) continue;
      place.row = after;
      if (!this.#fold.followed) continue;
      const others = changes[index];
      if (others) others.push({ before, after });
      else changes[index] = [{ before, after }];
    }
    return changes;
  }

  /** What has to be written. */
  get written(): Written {
    const inserts: Row[] = [];
    const updates: Row[] = [];
    const deletes: Row[] = [];
    for (const { key, stood, row } of this.#places.values()) {
      if (row === stood) continue;
      if (stood === undefined) inserts.push(row!);
      else if (row === undefined) deletes.push(key);
      else updates.push(row);
    }
    return { inserts, updates, deletes };
  }
}

/** Rows that are new, those that are other than they were, and keys of those that are no more. */
export interface Written {
  readonly inserts: readonly Row[];
  readonly updates: readonly Row[];
  readonly deletes: readonly Row[];
}

/** What the events of a batch changed, by the event's index. Of those that changed nothing there is nothing. */
export type Changes = readonly (readonly Change[] | undefined)[];

/** A row that a batch touches. */
interface Place {
  readonly key: Row;
  /** Before the batch. */
  stood: Row | undefined;
  /** So far. */
  row: Row | undefined;
}

interface Step {
  /** Of the event in the batch. */
  readonly index: number;
  readonly place: Place;
  readonly touch: Touch<Row, Row, unknown>;
  /** The event or the change that `touch` is about. */
  readonly cause: unknown;
}

const none: readonly Change[] = [];

function stepsOf(
  { shape, on, follows }: Fold,
  events: readonly ConsumedEvent[],
  sources: ReadonlyMap<string, Changes>,
  places: Map<string, Place>,
): Step[] {
  const steps: Step[] = [];
  const add = <C>(index: number, touch: Touch<Row, Row, C>, cause: C) => {
    for (const key of touch.keys(cause)) {
      const id = idOf(shape, key);
      const place = places.get(id) ?? { key, stood: undefined, row: undefined };
      places.set(id, place);
      steps.push({ index, place, touch: touch as Touch<Row, Row, unknown>, cause });
    }
  };
  const followed = follows.map(({ source, touch }) => ({ touch, changes: sources.get(source) }));
  for (let index = 0; index < events.length; index++) {
    const event = events[index]!;
    const touch = on[event.type];
    if (touch) add(index, touch, event);
    for (const { touch, changes } of followed) for (const change of changes?.[index] ?? none) add(index, touch, change);
  }
  return steps;
}

/** A row's key as one string. */
export function idOf({ key }: TableShape, row: Row): string {
  return key.length === 1 ? String(row[key[0]!]) : key.map((column) => row[column]).join('\n');
}
