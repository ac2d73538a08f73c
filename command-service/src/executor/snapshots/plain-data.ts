/**
 * Plain data as JSON text and back, whatever plain data: also what JSON has no word for (`undefined`, infinities, -0,
 * bigints, typed arrays, maps, sets), and what is shared stays shared. Anything else (functions, instances of classes)
 * is refused, never dropped: what comes back is equal to what went in, or nothing went in.
 *
 * What JSON cannot say is `{"$": word, …}`. An object that has a field `$` itself is told as its entries.
 */
export function toText(value: unknown): string {
  return JSON.stringify(encoded(value, new Map()));
}

/** @throws {Error} the text is not what `toText` writes */
export function fromText(text: string): unknown {
  return decoded(JSON.parse(text), []);
}

const typedArrays = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};
type TypedName = keyof typeof typedArrays;

/** `known` counts objects in the order in which they are first met. */
function encoded(value: unknown, known: Map<object, number>): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: 'number', is: numberName(value) };
    case 'undefined':
      return { $: 'undefined' };
    case 'bigint':
      return { $: 'bigint', is: String(value) };
    case 'object':
      return value === null ? null : encodedObject(value, known);
    case 'function':
    case 'symbol':
      throw new Error(`a ${typeof value} is not plain data`);
  }
}

function encodedObject(value: object, known: Map<object, number>): unknown {
  const before = known.get(value);
  if (before !== undefined) return { $: 'again', is: before };
  known.set(value, known.size);
  const all = (items: Iterable<unknown>) => Array.from(items, (item) => encoded(item, known));
  if (Array.isArray(value)) return all(value);
  if (value instanceof Map) return { $: 'Map', is: all([...value].flat()) };
  if (value instanceof Set) return { $: 'Set', is: all(value) };
  const name = value.constructor?.name as TypedName;
  if (ArrayBuffer.isView(value) && typedArrays[name]) {
    return { $: name, is: all(value as unknown as Iterable<number>) };
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) {
    throw new Error(`${value.constructor?.name ?? 'an object without a prototype'} is not plain data`);
  }
  const entries = Object.entries(value).map(([key, part]) => [key, encoded(part, known)] as const);
  return Object.hasOwn(value, '$') ? { $: 'object', is: entries } : Object.fromEntries(entries);
}

type Word = { readonly $: string; readonly is?: unknown };

/** Makes each object before its parts, so that they are counted as they were told. */
function decoded(told: unknown, known: unknown[]): unknown {
  if (typeof told !== 'object' || told === null) return told;
  if (Array.isArray(told)) {
    const items: unknown[] = [];
    known.push(items);
    for (const item of told) items.push(decoded(item, known));
    return items;
  }
  return Object.hasOwn(told, '$') ? decodedWord(told as Word, known) : withFields(Object.entries(told), known);
}

function decodedWord({ $: word, is }: Word, known: unknown[]): unknown {
  switch (word) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(is);
    case 'bigint':
      return BigInt(is as string);
    case 'again':
      return known[is as number];
    case 'object':
      return withFields(is as [string, unknown][], known);
    case 'Map': {
      const map = new Map();
      known.push(map);
      const flat = (is as unknown[]).map((item) => decoded(item, known));
      for (let index = 0; index < flat.length; index += 2) map.set(flat[index], flat[index + 1]);
      return map;
    }
    case 'Set': {
      const set = new Set();
      known.push(set);
      for (const item of is as unknown[]) set.add(decoded(item, known));
      return set;
    }
  }
  const Typed = typedArrays[word as TypedName];
  if (!Typed) throw new Error(`${word} is not a word for plain data`);
  const numbers = Typed.from((is as unknown[]).map((item) => decoded(item, known) as number));
  known.push(numbers);
  return numbers;
}

function withFields(entries: readonly (readonly [string, unknown])[], known: unknown[]): object {
  const object = {};
  known.push(object);
  for (const [key, part] of entries) {
    // Not assigned: `__proto__` may be a field like any other.
    const value = decoded(part, known);
    if (key === '__proto__') Object.defineProperty(object, key, { value, ...likeAnAssignment });
    else (object as Record<string, unknown>)[key] = value;
  }
  return object;
}

const likeAnAssignment = { writable: true, enumerable: true, configurable: true };

function numberName(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
