import type { ConsumedEvent, Consumer, Projection, Reaction } from './consumer.ts';
import { type Changes, TableFold } from './fold.ts';
import { readSchema } from './schema.ts';
import type { Seat, Storage, StorageTransaction } from './storage/port.ts';

/**
 * Applies one batch: rows and checkpoint in the same transaction, or neither.
 *
 * Answers the seat as it is afterwards. @throws {Fenced} where somebody else has taken it meanwhile.
 */
export type CommitBatch = (storage: Storage, consumer: Consumer, seat: Seat, batch: Batch) => Promise<Seat>;

export interface Batch {
  readonly events: readonly ConsumedEvent[];
  readonly position: bigint;
}

export const commitBatch: CommitBatch = async (storage, consumer, seat, batch) =>
  storage.transaction(async (trx) => {
    // A read model that loses its last milliseconds in a crash loses the checkpoint with them, and folds them again.
    await trx.holdSeat(seat, { waitsForDisk: consumer.kind === 'reaction' });
    await apply(trx, consumer, seat, batch);
    return await trx.moveSeat(seat, batch.position);
  });

export async function apply(trx: StorageTransaction, consumer: Consumer, seat: Seat, batch: Batch): Promise<void> {
  if (batch.events.length === 0) return;
  if (consumer.kind === 'projection') await fold(trx, consumer, schemaOf(seat), batch);
  else await react(trx, consumer, seat, batch.events);
}

/** Where a seat's tables are. */
export function schemaOf({ consumer, slot }: Pick<Seat, 'consumer' | 'slot'>): string {
  return slot === 'live' ? readSchema : `${readSchema}_next_${consumer.replaceAll('-', '_')}`;
}

async function fold(trx: StorageTransaction, { folds }: Projection, schema: string, { events }: Batch): Promise<void> {
  const changes = new Map<string, Changes>();
  const writes: (() => Promise<void>)[] = [];
  for (const one of folds) {
    const table = new TableFold(one, events, changes);
    const standing = await trx.loadRows(schema, one.shape, table.keys);
    changes.set(one.shape.name, table.run(standing));
    const { inserts, updates, deletes } = table.written;
    if (inserts.length > 0) writes.push(() => trx.insertRows(schema, one.shape, inserts));
    if (updates.length > 0) writes.push(() => trx.upsertRows(schema, one.shape, updates));
    if (deletes.length > 0) writes.push(() => trx.deleteRows(schema, one.shape, deletes));
  }
  for (const write of writes) await write();
}

/** A batch that reaches over the old mark is told in two parts. */
async function react(
  trx: StorageTransaction,
  reaction: Reaction,
  { quietUntil }: Seat,
  events: readonly ConsumedEvent[],
): Promise<void> {
  const native = trx.native as never;
  const old = events.filter(({ position }) => position <= quietUntil);
  const fresh = events.slice(old.length);
  if (old.length > 0) await reaction.apply(native, { events: old, quiet: true });
  if (fresh.length > 0) await reaction.apply(native, { events: fresh, quiet: false });
}
