/**
 * Sets of minutes as bits: minute `base + i` is bit `i & 31` of word `i >> 5`.
 *
 * A month is 1,350 words. Marking an interval touches a word for each half hour of it, whatever order intervals
 * come in and however they overlap, so the engine neither sorts nor merges, and its cost is linear in them.
 * Ranges are half-open and are cut to the set.
 */
export type Bits = Int32Array;

export function emptyBits(length: number): Bits {
  return new Int32Array((length + 31) >> 5);
}

export function fullBits(length: number): Bits {
  return emptyBits(length).fill(-1);
}

let spare: Bits | undefined = new Int32Array(0);

/** Lends a full set to one question. Memory that the garbage collector has to give back costs more than most answers. */
export function withFullBits<T>(length: number, use: (bits: Bits) => T): T {
  const words = (length + 31) >> 5;
  const lent = spare && spare.length >= words ? spare : new Int32Array(words);
  // Whoever asks while it is lent gets another one.
  spare = undefined;
  try {
    return use(lent.subarray(0, words).fill(-1));
  } finally {
    spare = lent;
  }
}

/** Several sets of one length, which cost one allocation. */
export function emptySets(count: number, length: number): Bits[] {
  return parts(new Int32Array(((length + 31) >> 5) * count), count);
}

export function fullSets(count: number, length: number): Bits[] {
  return parts(new Int32Array(((length + 31) >> 5) * count).fill(-1), count);
}

function parts(all: Int32Array, count: number): Bits[] {
  const words = all.length / count;
  return Array.from({ length: count }, (_, i) => all.subarray(i * words, (i + 1) * words));
}

export function add(bits: Bits, i: number): void {
  bits[i >> 5]! |= 1 << (i & 31);
}

export function fill(bits: Bits, from: number, to: number): void {
  const low = Math.max(from, 0);
  const high = Math.min(to, bits.length << 5);
  if (low >= high) return;
  const first = low >> 5;
  const last = (high - 1) >> 5;
  const head = -1 << (low & 31);
  const tail = -1 >>> (31 - ((high - 1) & 31));
  if (first === last) {
    bits[first]! |= head & tail;
    return;
  }
  bits[first]! |= head;
  for (let i = first + 1; i < last; i++) bits[i] = -1;
  bits[last]! |= tail;
}

export function clear(bits: Bits, from: number, to: number): void {
  const low = Math.max(from, 0);
  const high = Math.min(to, bits.length << 5);
  if (low >= high) return;
  const first = low >> 5;
  const last = (high - 1) >> 5;
  const head = -1 << (low & 31);
  const tail = -1 >>> (31 - ((high - 1) & 31));
  if (first === last) {
    bits[first]! &= ~(head & tail);
    return;
  }
  bits[first]! &= ~head;
  for (let i = first + 1; i < last; i++) bits[i] = 0;
  bits[last]! &= ~tail;
}

export function has(bits: Bits, i: number): boolean {
  return i >= 0 && i < bits.length << 5 && (bits[i >> 5]! & (1 << (i & 31))) !== 0;
}

/** The first minute of `[i, end)` that is in the set, or -1. */
export function nextIn(bits: Bits, i: number, end = bits.length << 5): number {
  if (i >= end) return -1;
  const last = Math.min(bits.length - 1, (end - 1) >> 5);
  let word = i >> 5;
  if (word > last) return -1;
  let rest = bits[word]! & (-1 << (i & 31));
  while (rest === 0) {
    if (++word > last) return -1;
    rest = bits[word]!;
  }
  const found = (word << 5) + 31 - Math.clz32(rest & -rest);
  return found < end ? found : -1;
}

/** The first minute at or after `i` that is not in the set; the set's length where all of them are. */
export function nextOut(bits: Bits, i: number): number {
  let word = i >> 5;
  if (word >= bits.length) return bits.length << 5;
  let rest = ~bits[word]! & (-1 << (i & 31));
  while (rest === 0) {
    if (++word === bits.length) return word << 5;
    rest = ~bits[word]!;
  }
  return (word << 5) + 31 - Math.clz32(rest & -rest);
}

/** What is in both stays in `into`. The sets have one length. */
export function intersect(into: Bits, other: Bits): void {
  const words = Math.min(into.length, other.length);
  for (let i = 0; i < words; i++) into[i] = into[i]! & other[i]!;
}

/** What is in either is in `into`. The sets have one length. */
export function unite(into: Bits, other: Bits): void {
  const words = Math.min(into.length, other.length);
  for (let i = 0; i < words; i++) into[i] = into[i]! | other[i]!;
}
