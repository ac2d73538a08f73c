import type { Row } from '../fold.ts';
import type { TableShape } from '../table.ts';

/**
 * Rows in the words of Postgres's wire: the data of a `copy … from stdin (format binary)`, in one message, and
 * the message that ends it.
 */
export function copyMessages({ name, columns }: TableShape, rows: readonly Row[]): Buffer {
  const cells = Object.entries(columns).map(([column, { type, nullable }]) => ({
    column,
    nullable,
    write: writers[type.replace(/ collate .*/, '')]!,
  }));
  const out = new Bytes();
  out.bytes(Buffer.from('d\0\0\0\0PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1'));
  for (const row of rows) {
    out.int16(cells.length);
    for (const { column, nullable, write } of cells) {
      const value = row[column];
      if (value !== null && value !== undefined) write(out, value as never);
      else if (nullable) out.int32(-1);
      else throw new Error(`${name}.${column} is null`);
    }
  }
  out.int16(-1);
  out.lengthAt(1);
  out.bytes(Buffer.from('c\0\0\0\x04', 'latin1'));
  return out.written;
}

/** How a value of each type is written, its length first. */
const writers: Readonly<Record<string, (out: Bytes, value: never) => void>> = {
  /** What is sealed may open to anything, and an update would write its JSON too. */
  text: (out, value: unknown) => out.text(typeof value === 'string' ? value : JSON.stringify(value)),
  json: (out, value: unknown) => out.text(JSON.stringify(value)),
  integer: (out, value: number) => {
    out.int32(4);
    out.int32(whole(value, 2 ** 31));
  },
  bigint: (out, value: number) => out.int64(whole(value)),
  boolean: (out, value: boolean) => {
    out.int32(1);
    out.byte(value ? 1 : 0);
  },
  /** In µs. */
  timestamptz: (out, value: number) => out.int64(whole(value) - year2000, 1_000),
};

/** Where Postgres counts from. */
const year2000 = Date.UTC(2000);

function whole(value: number, bound = 2 ** 53): number {
  if (Number.isInteger(value) && value >= -bound && value < bound) return value;
  throw new Error(`${value} is not a whole number that fits`);
}

/** Bytes that grow as they are written, the highest of a number first. */
class Bytes {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #end = 0;

  get written(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  int16(value: number): void {
    this.#reserve(2);
    this.#bytes[this.#end++] = value >> 8;
    this.#bytes[this.#end++] = value;
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#put32(value, this.#end);
    this.#end += 4;
  }

  /** With its length before it. `times` may take it beyond what a number holds exactly. */
  int64(value: number, times = 1): void {
    this.#reserve(12);
    const high = Math.floor(value / 2 ** 32);
    const low = (value - high * 2 ** 32) * times;
    this.#put32(8, this.#end);
    this.#put32(high * times + Math.floor(low / 2 ** 32), this.#end + 4);
    this.#put32(low, this.#end + 8);
    this.#end += 12;
  }

  /** With its length before it. */
  text(value: string): void {
    this.#reserve(4 + 3 * value.length);
    const length = this.#bytes.write(value, this.#end + 4);
    this.#put32(length, this.#end);
    this.#end += 4 + length;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#end);
    this.#end += value.length;
  }

  /** Writes how much there is from a place on, into that place. */
  lengthAt(place: number): void {
    this.#put32(this.#end - place, place);
  }

  #put32(value: number, at: number): void {
    const bytes = this.#bytes;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}
