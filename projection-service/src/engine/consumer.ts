import type { EventDefinition, EventOf, RecordedEvent } from '@agentcal/shared/kernel/event';
import type { Kysely, Transaction } from 'kysely';
import { defineFolds, type Fold, type Followers, type Handlers, type Tables } from './fold.ts';

/**
 * Whatever follows the log. Two kinds:
 *
 * - projection: a pure fold of events into rows. Its tables are dropped and rebuilt at will, and come
 *   back equal.
 * - reaction: does something because of an event, in the transaction that moves its checkpoint (enqueues a
 *   job, mostly). What it leads to outside of Postgres happens at least once: the receiver drops repeats by event id.
 */
export type Consumer = Projection | Reaction;

export interface Projection {
  readonly kind: 'projection';
  readonly name: string;
  /** Raise it whenever the same log would fold to other rows: the new version builds beside the old one. */
  readonly version: number;
  readonly definitions: readonly EventDefinition[];
  /** Wire names that its folds care about; others are not even read. */
  readonly types: readonly string[];
  /** Whether its folds see personal data in the clear. Opening costs, so only those that show it ask for it. */
  readonly opensPersonalData: boolean;
  readonly folds: readonly Fold[];
}

export interface Reaction {
  readonly kind: 'reaction';
  readonly name: string;
  /** Raise it to go through the log again. Events up to the old mark then arrive with `quiet`. */
  readonly version: number;
  readonly definitions: readonly EventDefinition[];
  readonly types: readonly string[];
  readonly opensPersonalData: boolean;
  /** Projections whose rows it reads: it never sees an event that one of them has not folded yet. */
  readonly after: readonly string[];
  /** Events per transaction at most. */
  readonly batchSize: number;
  /** Makes its own tables. Runs before anything else, may run again. */
  setup?(trx: AnyTransaction): Promise<void>;
  /** Empties its own tables, before it goes through the log again. */
  reset?(trx: AnyTransaction): Promise<void>;
  apply(trx: AnyTransaction, batch: ReactionBatch): Promise<void>;
}

export interface ReactionBatch {
  readonly events: readonly ConsumedEvent[];
  /** These events were reacted to by an earlier version: keep state, but let nothing leave. */
  readonly quiet: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: every consumer has tables of its own, which the engine does not know
export type AnyDb = Kysely<any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyTransaction = Transaction<any>;

/** A recorded event in its newest shape, with personal data opened where the consumer asked for it. */
export type ConsumedEvent<E extends { type: string; data: unknown } = { type: string; data: unknown }> =
  E extends unknown
    ? Omit<RecordedEvent, 'type' | 'data'> & { readonly type: E['type']; readonly data: Opened<E['data']> }
    : never;

/** What is sealed in the log is whatever was sealed, once opened: the fold says what it takes it for. `null` once erased. */
export type Opened<T> = T extends { kid: string; sealed: string }
  ? unknown
  : T extends object
    ? { [N in keyof T]: Opened<T[N]> }
    : T;

/** The events that definitions describe, as a consumer sees them. */
export type ConsumedOf<D extends readonly EventDefinition[]> = ConsumedEvent<EventOf<D[number]>>;

export function defineProjection<const D extends readonly EventDefinition[], const T extends Tables>(options: {
  readonly name: string;
  readonly version: number;
  readonly definitions: D;
  /** Rows of a table may follow from changes of tables named before it. */
  readonly tables: T;
  readonly on: Handlers<T, ConsumedOf<D>>;
  readonly follows?: Followers<T>;
  readonly opensPersonalData?: boolean;
}): Projection {
  const { name, version, definitions, opensPersonalData = false } = options;
  const folds = defineFolds(options);
  const types = [...new Set(folds.flatMap(({ on }) => Object.keys(on)))];
  return { kind: 'projection', name, version, definitions, types, folds, opensPersonalData };
}

/** A handler per event: a new event in the catalogue fails to compile until it is decided what follows from it. */
export type Reactions<E extends ConsumedEvent> = {
  readonly [T in E['type']]: 'ignored' | 'wanted';
};

export function defineReaction<const D extends readonly EventDefinition[]>(options: {
  readonly name: string;
  readonly version: number;
  readonly definitions: D;
  readonly events: Reactions<ConsumedOf<D>>;
  readonly opensPersonalData?: boolean;
  readonly after?: readonly Projection[];
  readonly batchSize?: number;
  setup?(trx: AnyTransaction): Promise<void>;
  reset?(trx: AnyTransaction): Promise<void>;
  apply(
    trx: AnyTransaction,
    batch: { readonly events: readonly ConsumedOf<D>[]; readonly quiet: boolean },
  ): Promise<void>;
}): Reaction {
  const { events, after = [], batchSize = 200, opensPersonalData = false, apply, ...rest } = options;
  const types = Object.entries(events).flatMap(([type, verdict]) => (verdict === 'wanted' ? [type] : []));
  return {
    ...rest,
    kind: 'reaction',
    types,
    after: after.map(({ name }) => name),
    batchSize,
    opensPersonalData,
    apply: apply as Reaction['apply'],
  };
}
