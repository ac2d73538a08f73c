import { idOf, type Row } from '../fold.ts';
import type { TableShape } from '../table.ts';
import { Fenced, type Seat, type Slot, type StorageTransaction } from './port.ts';
import type { View } from './view.ts';

/** What a reaction gets that runs on it: tables of its own, as its transaction sees them. They need not be made. */
export interface MemoryTransaction {
  get(table: string, id: string): Row | undefined;
  all(table: string): readonly Row[];
  /** `undefined` removes it. */
  set(table: string, id: string, row: Row | undefined): void;
}

export const seatTable = 'checkpoints';
/** Names of the tables that were made. */
const catalogue = 'catalogue';

export const tableName = (schema: string, table: string): string => `${schema}.${table}`;

export function memoryTransaction(view: View, lock: (name: string) => Promise<void>): StorageTransaction {
  const seats = seatsIn(view, lock);
  const requireTable = (name: string) => {
    if (view.get(catalogue, name) === undefined) throw new Error(`there is no table ${name}`);
    return name;
  };
  const empty = (name: string) => {
    for (const id of view.ids(name)) view.set(name, id, undefined);
    view.set(catalogue, name, undefined);
  };
  return {
    ...seats,
    lockSetup: () => lock('setup'),
    createSchema: async (schema) => {
      for (const name of view.ids(catalogue)) if (name.startsWith(`${schema}.`)) empty(name);
    },
    dropSchema: async (schema) => {
      const left = view.ids(catalogue).find((name) => name.startsWith(`${schema}.`));
      if (left) throw new Error(`there is still ${left}`);
    },
    createTable: async (schema, { name }) => {
      if (view.get(catalogue, tableName(schema, name))) throw new Error(`there is a table ${name}`);
      view.set(catalogue, tableName(schema, name), true);
    },
    createIndexes: async () => {},
    dropTable: async (schema, table) => empty(requireTable(tableName(schema, table))),
    moveTable: async (from, to, table) => {
      const [old, name] = [requireTable(tableName(from, table)), tableName(to, table)];
      if (view.get(catalogue, name)) throw new Error(`there is a table ${name}`);
      for (const id of view.ids(old)) view.set(name, id, view.get(old, id));
      empty(old);
      view.set(catalogue, name, true);
    },
    loadRows: async (schema, shape, keys) => {
      const table = requireTable(tableName(schema, shape.name));
      return keys.flatMap((key): Row[] => {
        const row = view.get<Row>(table, idOf(shape, key));
        return row ? [row] : [];
      });
    },
    insertRows: async (schema, shape, rows) => {
      const table = requireTable(tableName(schema, shape.name));
      for (const row of rows) {
        const id = idOf(shape, row);
        if (view.get(table, id) !== undefined) throw new Error(`there is a row ${id} in ${table}`);
        view.set(table, id, stored(shape, row));
      }
    },
    upsertRows: async (schema, shape, rows) => {
      const table = requireTable(tableName(schema, shape.name));
      for (const row of rows) view.set(table, idOf(shape, row), stored(shape, row));
    },
    deleteRows: async (schema, shape, keys) => {
      const table = requireTable(tableName(schema, shape.name));
      for (const key of keys) view.set(table, idOf(shape, key), undefined);
    },
    limitLockWait: async () => {},
    native: view satisfies MemoryTransaction,
  };
}

/** What of a row comes back: columns that it does not name are null, and values are plain JSON. */
function stored({ name, columns }: TableShape, row: Row): Row {
  const copy = JSON.parse(JSON.stringify(row)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(columns).map(([column, { nullable }]) => {
      const value = copy[column] ?? null;
      if (value === null && !nullable) throw new Error(`${name}.${column} is null`);
      return [column, value];
    }),
  );
}

type SeatSteps = Pick<
  StorageTransaction,
  'findSeat' | 'takeSeat' | 'moveSeat' | 'createSeat' | 'holdSeat' | 'removeSeat' | 'restartSeat' | 'promoteSeat'
>;

function seatsIn(view: View, lock: (name: string) => Promise<void>): SeatSteps {
  const idOfSeat = (consumer: string, slot: Slot) => `${consumer} ${slot}`;
  /** A seat that is not there is not locked either; one that was waited for is as it is then. */
  const locked = async (consumer: string, slot: Slot): Promise<Seat | undefined> => {
    const id = idOfSeat(consumer, slot);
    if (view.get(seatTable, id)) await lock(`seat ${id}`);
    return view.get<Seat>(seatTable, id);
  };
  const put = (seat: Seat): Seat => {
    view.set(seatTable, idOfSeat(seat.consumer, seat.slot), seat);
    return seat;
  };
  const holding = async (seat: Seat): Promise<Seat> => {
    const found = await locked(seat.consumer, seat.slot);
    if (found?.epoch === seat.epoch && found.position === seat.position) return found;
    throw new Fenced(`${seat.consumer} is led by somebody else`);
  };
  return {
    findSeat: locked,
    takeSeat: async (consumer, slot) => {
      const seat = await locked(consumer, slot);
      if (!seat) throw new Fenced(`${consumer} has no ${slot} seat any more`);
      return put({ ...seat, epoch: seat.epoch + 1 });
    },
    moveSeat: async (seat, position) => put({ ...(await holding(seat)), position }),
    createSeat: async (seat) => {
      if (view.get(seatTable, idOfSeat(seat.consumer, seat.slot))) throw new Error(`${seat.consumer} has a seat`);
      return put({ ...seat, epoch: 0, position: 0n, quietUntil: 0n });
    },
    holdSeat: async (seat) => void (await holding(seat)),
    removeSeat: async (consumer, slot) => {
      await locked(consumer, slot);
      view.set(seatTable, idOfSeat(consumer, slot), undefined);
    },
    restartSeat: async ({ consumer, slot }, version) => {
      const seat = (await locked(consumer, slot))!;
      const told = seat.position > seat.quietUntil;
      const quietUntil = told ? seat.position : seat.quietUntil;
      return put({ ...seat, version, position: 0n, quietUntil, epoch: seat.epoch + 1 });
    },
    promoteSeat: async (next, epoch) => {
      const seat = (await locked(next.consumer, 'next'))!;
      view.set(seatTable, idOfSeat(seat.consumer, 'next'), undefined);
      return put({ ...seat, slot: 'live', epoch });
    },
  };
}
