import { pause, realTiming } from '@agentcal/shared/kernel/timing';
import { type Batch, commitBatch, schemaOf } from './commit.ts';
import type { Projection } from './consumer.ts';
import type { EngineDeps } from './deps.ts';
import { createTables, indexTables } from './open.ts';
import { createPrepare, storedTypes } from './prepare.ts';
import { readSchema } from './schema.ts';
import { Fenced, type Seat, type Storage } from './storage/port.ts';

/**
 * Folds the whole log into tables of their own, beside the live ones, and puts them in their place in one
 * transaction once they have caught up. Readers never see a half-built table, and the live one
 * keeps following the log meanwhile, if somebody runs its version.
 *
 * The caller leads `nextName(projection)`. With `fresh`, an unfinished build is thrown away; else it goes on.
 */
export async function build(projection: Projection, deps: EngineDeps, { fresh, signal }: BuildOptions): Promise<Seat> {
  const catchUp = createCatchUp(projection, deps, signal);
  let next = await catchUp(await openNext(deps.storage, projection, fresh));
  // Indexes that are made once over all rows cost a third of those that grow with them.
  await deps.storage.transaction(async (trx) => {
    await trx.holdSeat(next, { waitsForDisk: true });
    await indexTables(trx, schemaOf(next), projection);
  });
  for (;;) {
    next = await catchUp(next);
    const live = await swap(deps.storage, next);
    if (live) return live;
    await pause(deps.timing ?? realTiming, 50, signal);
  }
}

/** Applies batches until there are no more. While one is folded and written, the next is read and prepared. */
function createCatchUp(projection: Projection, deps: EngineDeps, signal: AbortSignal) {
  const { storage, commit = commitBatch } = deps;
  const read = createReader(projection, deps);
  return async (seat: Seat): Promise<Seat> => {
    let next = seat;
    for (let reading = read(seat.position); ; ) {
      const batch = await reading;
      signal.throwIfAborted();
      if (!batch.caughtUp) reading = read(batch.position);
      if (batch.position > next.position) next = await commit(storage, projection, next, batch);
      if (batch.caughtUp) return next;
    }
  };
}

/** Reads batches ready to be folded. One that fails does so when it is asked for, not before. */
function createReader(projection: Projection, { store, vault }: EngineDeps) {
  const prepare = createPrepare(projection, vault);
  const types = storedTypes(projection);
  return (after: bigint): Promise<Batch & { caughtUp: boolean }> => {
    const reading = store
      .readAll({ after, maxCount: buildBatchSize, types })
      .then(async ({ events, position, caughtUp }) => {
        return { events: await prepare(events), position, caughtUp };
      });
    reading.catch(() => {});
    return reading;
  };
}

export interface BuildOptions {
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/** The lock of whoever builds a projection's next version. */
export const nextName = ({ name }: Projection) => `${name}/next`;

const buildBatchSize = 2000;

/** @throws {Fenced} where somebody has put it in place meanwhile, or a newer one: nobody would end what begins here. */
async function openNext(storage: Storage, projection: Projection, fresh: boolean): Promise<Seat> {
  const { name: consumer, version } = projection;
  const schema = schemaOf({ consumer, slot: 'next' });
  await storage.transaction(async (trx) => {
    const found = await trx.findSeat(consumer, 'next');
    const live = await trx.findSeat(consumer, 'live');
    if (!fresh && live && live.version >= version) throw new Fenced(`${consumer} has come to version ${live.version}`);
    if (found && !fresh && found.version === version) return;
    await trx.removeSeat(consumer, 'next');
    await trx.createSchema(schema);
    await trx.createSeat({ consumer, slot: 'next', version, tables: await createTables(trx, schema, projection) });
  });
  return await storage.takeSeat(consumer, 'next');
}

/**
 * Answers the new live seat, or `undefined` where the live one is ahead and the build has to go on. @throws {Fenced}
 * where somebody else has taken the build over: what stands there then is not what was built here.
 */
async function swap(storage: Storage, next: Seat): Promise<Seat | undefined> {
  return await storage.transaction(async (trx) => {
    await trx.limitLockWait(5_000);
    await trx.holdSeat(next, { waitsForDisk: true });
    const live = await trx.findSeat(next.consumer, 'live');
    if (live && live.position > next.position) return undefined;
    for (const table of live?.tables ?? []) await trx.dropTable(readSchema, table);
    const schema = schemaOf(next);
    for (const table of next.tables) await trx.moveTable(schema, readSchema, table);
    await trx.dropSchema(schema);
    await trx.removeSeat(next.consumer, 'live');
    return await trx.promoteSeat(next, Math.max(next.epoch, live?.epoch ?? 0) + 1);
  });
}
