import type { Row } from '../fold.ts';
import type { TableShape } from '../table.ts';

/**
 * Where consumers keep what they make of the log, and how far they have got: rows and checkpoint move in one
 * transaction, or not at all. Adapters pass `contract.ts`.
 *
 * Outside a transaction, a step is a transaction of its own.
 */
export interface Storage extends Seats {
  /** Makes the place of the checkpoints. Idempotent, also when several processes start at once. */
  prepare(): Promise<void>;
  /** All that `work` does, or nothing where it throws. */
  transaction<T>(work: (trx: StorageTransaction) => Promise<T>): Promise<T>;
}

/**
 * How far each consumer has got. A seat per consumer and slot: `live` is what readers see, `next` is a new
 * version being built beside it.
 *
 * Two fences keep writers apart. `epoch` grows whenever somebody takes the seat, so that whoever sat
 * there before cannot commit any more; `position` moves only from its old value. Both are held for
 * the whole of a batch's transaction by a lock on the seat.
 */
export interface Seat {
  readonly consumer: string;
  readonly slot: Slot;
  readonly epoch: number;
  readonly version: number;
  readonly position: bigint;
  /** Up to here an earlier version of a reaction has reacted already. */
  readonly quietUntil: bigint;
  /** Tables that belong to it, in the schema of its slot. */
  readonly tables: readonly string[];
}

export type Slot = 'live' | 'next';

/** Somebody else has taken the seat or moved the checkpoint: what was computed here must not be written. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

/** Whatever finds or changes a seat locks it until its transaction ends, and waits for whoever has it locked. */
export interface Seats {
  findSeat(consumer: string, slot: Slot): Promise<Seat | undefined>;
  /** Takes the seat: whoever had it cannot commit from here on, and what they were committing is either in or out. @throws {Fenced} */
  takeSeat(consumer: string, slot: Slot): Promise<Seat>;
  /** Moves the checkpoint from its old value. @throws {Fenced} */
  moveSeat(seat: Seat, position: bigint): Promise<Seat>;
}

export interface StorageTransaction extends Seats {
  /** Whoever makes tables is alone with it until their transaction ends. */
  lockSetup(): Promise<void>;
  createSeat(seat: Pick<Seat, 'consumer' | 'slot' | 'version' | 'tables'>): Promise<Seat>;
  /** Locks the seat, and says whether the commit waits for the disk. @throws {Fenced} */
  holdSeat(seat: Seat, options: { readonly waitsForDisk: boolean }): Promise<void>;
  removeSeat(consumer: string, slot: Slot): Promise<void>;
  /** Back to the beginning of the log, as this version. What was reacted to before is quiet this time. */
  restartSeat(seat: Seat, version: number): Promise<Seat>;
  /** The seat of the build becomes the live one, with this epoch. There must be no live one any more. */
  promoteSeat(next: Seat, epoch: number): Promise<Seat>;

  /** A schema of its own for a version that is built; what was left in it is gone. */
  createSchema(schema: string): Promise<void>;
  dropSchema(schema: string): Promise<void>;
  createTable(schema: string, shape: TableShape): Promise<void>;
  createIndexes(schema: string, shape: TableShape): Promise<void>;
  dropTable(schema: string, table: string): Promise<void>;
  moveTable(from: string, to: string, table: string): Promise<void>;

  /** Those of the rows that stand, in any order. */
  loadRows(schema: string, shape: TableShape, keys: readonly Row[]): Promise<Row[]>;
  /** Rows of which none stands yet. */
  insertRows(schema: string, shape: TableShape, rows: readonly Row[]): Promise<void>;
  upsertRows(schema: string, shape: TableShape, rows: readonly Row[]): Promise<void>;
  deleteRows(schema: string, shape: TableShape, keys: readonly Row[]): Promise<void>;

  /** Waits only so long for a lock from here on. */
  limitLockWait(ms: number): Promise<void>;
  /** The engine's own transaction: what a reaction writes through. Which kind it is, is between the reaction and its adapter. */
  readonly native: unknown;
}
