/**
 * An immutable sorted list in chunks. Changing one item copies one chunk and the row of chunks, so that a
 * calendar with a hundred thousand items changes about as fast as one with ten.
 */
export interface SortedList<T> {
  readonly chunks: readonly (readonly T[])[];
  readonly size: number;
}

/** Orders items among themselves and against the part of an item that a search names. */
export type Order<Key> = (a: Key, b: Key) => number;

export const emptyList: SortedList<never> = { chunks: [], size: 0 };

const fullChunk = 128;

/** The item that is equal to `key` by this order. */
export function find<Key, T extends Key>(list: SortedList<T>, key: Key, order: Order<Key>): T | undefined {
  const chunk = list.chunks[firstChunk(list, key, order)];
  const item = chunk?.[firstIndex(chunk, key, order)];
  return item !== undefined && order(item, key) === 0 ? item : undefined;
}

/** The list with this item in it, in place of the one equal to it, if any. */
export function put<Key, T extends Key>(list: SortedList<T>, item: T, order: Order<Key>): SortedList<T> {
  if (list.chunks.length === 0) return { chunks: [[item]], size: 1 };
  const at = Math.min(firstChunk(list, item, order), list.chunks.length - 1);
  const chunk = list.chunks[at]!;
  const index = firstIndex(chunk, item, order);
  const present = chunk[index];
  const replaced = present !== undefined && order(present, item) === 0 ? 1 : 0;
  const changed = chunk.toSpliced(index, replaced, item);
  return { chunks: list.chunks.toSpliced(at, 1, ...halves(changed)), size: list.size + 1 - replaced };
}

/** The list without the item equal to `key`. The same list where there is none. */
export function without<Key, T extends Key>(list: SortedList<T>, key: Key, order: Order<Key>): SortedList<T> {
  const at = firstChunk(list, key, order);
  const chunk = list.chunks[at];
  if (!chunk) return list;
  const index = firstIndex(chunk, key, order);
  if (order(chunk[index]!, key) !== 0) return list;
  const rest = chunk.length === 1 ? [] : [chunk.toSpliced(index, 1)];
  return { chunks: list.chunks.toSpliced(at, 1, ...rest), size: list.size - 1 };
}

/** The items from `from` on and before `to`. */
export function between<Key, T extends Key>(list: SortedList<T>, from: Key, to: Key, order: Order<Key>): T[] {
  const found: T[] = [];
  for (let at = firstChunk(list, from, order); at < list.chunks.length; at += 1) {
    const chunk = list.chunks[at]!;
    const end = firstIndex(chunk, to, order);
    for (let index = firstIndex(chunk, from, order); index < end; index += 1) found.push(chunk[index]!);
    if (end < chunk.length) break;
  }
  return found;
}

/** The list without the items that `keep` refuses. */
export function kept<T>(list: SortedList<T>, keep: (item: T) => boolean): SortedList<T> {
  const chunks = list.chunks.map((chunk) => chunk.filter(keep)).filter((chunk) => chunk.length > 0);
  return { chunks, size: chunks.reduce((size, chunk) => size + chunk.length, 0) };
}

function halves<T>(chunk: readonly T[]): (readonly T[])[] {
  const middle = chunk.length >> 1;
  return chunk.length <= fullChunk ? [chunk] : [chunk.slice(0, middle), chunk.slice(middle)];
}

/** The first chunk whose last item is not before `key`; their number where there is none. */
function firstChunk<Key, T extends Key>({ chunks }: SortedList<T>, key: Key, order: Order<Key>): number {
  return firstWhere(chunks.length, (index) => order(chunks[index]!.at(-1)!, key) >= 0);
}

function firstIndex<Key, T extends Key>(chunk: readonly T[], key: Key, order: Order<Key>): number {
  return firstWhere(chunk.length, (index) => order(chunk[index]!, key) >= 0);
}

function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
