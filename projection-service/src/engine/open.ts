import type { Consumer, Projection, Reaction } from './consumer.ts';
import { readSchema } from './schema.ts';
import type { Seat, Storage, StorageTransaction } from './storage/port.ts';

/**
 * Finds a consumer's live seat at this version. The first time it makes the seat and its tables; a
 * reaction of an older version is sent through the log again, quietly. A projection of an older version is
 * left as it is: build.ts brings the new one.
 */
export async function openLive(storage: Storage, consumer: Consumer): Promise<Seat> {
  return await storage.transaction(async (trx) => {
    await trx.lockSetup();
    if (consumer.kind === 'reaction') await consumer.setup?.(trx.native as never);
    const seat = (await trx.findSeat(consumer.name, 'live')) ?? (await found(trx, consumer));
    return consumer.kind === 'reaction' && seat.version < consumer.version
      ? await startOver(trx, consumer, seat)
      : seat;
  });
}

async function found(trx: StorageTransaction, consumer: Consumer): Promise<Seat> {
  const tables = consumer.kind === 'projection' ? await createTables(trx, readSchema, consumer) : [];
  if (consumer.kind === 'projection') await indexTables(trx, readSchema, consumer);
  return await trx.createSeat({ consumer: consumer.name, slot: 'live', version: consumer.version, tables });
}

export async function createTables(trx: StorageTransaction, schema: string, { folds }: Projection): Promise<string[]> {
  for (const { shape } of folds) await trx.createTable(schema, shape);
  return folds.map(({ shape }) => shape.name);
}

export async function indexTables(trx: StorageTransaction, schema: string, { folds }: Projection): Promise<void> {
  for (const { shape } of folds) await trx.createIndexes(schema, shape);
}

/** Back to the beginning of the log. What was reacted to before is quiet this time. */
export async function startOver(trx: StorageTransaction, reaction: Reaction, live: Seat): Promise<Seat> {
  await reaction.reset?.(trx.native as never);
  return await trx.restartSeat(live, reaction.version);
}
