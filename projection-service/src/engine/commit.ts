import type { Kysely } from 'kysely';
import { holdSeat, moveSeat, type Seat } from './checkpoints.ts';
import type { AnyTransaction, ConsumedEvent, Consumer, Projection, Reaction } from './consumer.ts';
import { type Changes, TableFold } from './fold.ts';
import { deleteRows, loadRows, upsertRows } from './rows.ts';
import { readSchema } from './schema.ts';

/**
 * Applies one batch: rows and checkpoint in the same transaction, or neither.
 *
 * Answers the seat as it is afterwards. @throws {Fenced} where somebody else has taken it meanwhile.
 */
export type CommitBatch = (db: AnyDb, consumer: Consumer, seat: Seat, batch: Batch) => Promise<Seat>;

export interface Batch {
  readonly events: readonly ConsumedEvent[];
  readonly position: bigint;
  /** Called when Postgres has got rows to write: a good moment to compute something else. */
  readonly onWriting?: () => void;
}

// biome-ignore lint/suspicious/noExplicitAny: tables are the consumer's
export type AnyDb = Kysely<any>;

export const commitBatch: CommitBatch = async (db, consumer, seat, batch) =>
  db.transaction().execute(async (trx) => {
    // A read model that loses its last milliseconds in a crash loses the checkpoint with them, and folds them again.
    await holdSeat(trx, seat, { waitsForDisk: consumer.kind === 'reaction' });
    await apply(trx, consumer, seat, batch);
    return await moveSeat(trx, seat, batch.position);
  });

export async function apply(trx: AnyTransaction, consumer: Consumer, seat: Seat, batch: Batch): Promise<void> {
  if (batch.events.length === 0) return;
  if (consumer.kind === 'projection') await fold(trx, consumer, schemaOf(seat), batch);
  else await react(trx, consumer, seat, batch.events);
}

/** Where a seat's tables are. */
export function schemaOf({ consumer, slot }: Pick<Seat, 'consumer' | 'slot'>): string {
  return slot === 'live' ? readSchema : `${readSchema}_next_${consumer.replaceAll('-', '_')}`;
}

async function fold(
  trx: AnyTransaction,
  { folds }: Projection,
  schema: string,
  { events, onWriting }: Batch,
): Promise<void> {
  const changes = new Map<string, readonly Changes[]>();
  const writes: (() => Promise<void>)[] = [];
  for (const one of folds) {
    const table = new TableFold(one, events, changes);
    changes.set(one.shape.name, table.run(await loadRows(trx, schema, one.shape, table.keys), events.length));
    const { deletes, upserts } = table;
    if (upserts.length > 0) writes.push(() => upsertRows(trx, schema, one.shape, upserts));
    if (deletes.length > 0) writes.push(() => deleteRows(trx, schema, one.shape, deletes));
  }
  for (const [index, write] of writes.entries()) {
    const writing = write();
    if (index === 0) onWriting?.();
    await writing;
  }
}

/** A batch that reaches over the old mark is told in two parts. */
async function react(
  trx: AnyTransaction,
  reaction: Reaction,
  { quietUntil }: Seat,
  events: readonly ConsumedEvent[],
): Promise<void> {
  const old = events.filter(({ position }) => position <= quietUntil);
  const fresh = events.slice(old.length);
  if (old.length > 0) await reaction.apply(trx, { events: old, quiet: true });
  if (fresh.length > 0) await reaction.apply(trx, { events: fresh, quiet: false });
}
