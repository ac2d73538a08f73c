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
  bigint: (out, value: number) => out.int64(BigInt(whole(value))),
  boolean: (out, value: boolean) => {
    out.int32(1);
    out.byte(value ? 1 : 0);
  },
  /** In µs. */
  timestamptz: (out, value: number) => out.int64(1_000n * BigInt(whole(value) - year2000)),
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
    this.#end = this.#bytes.writeInt16BE(value, this.#end);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#end = this.#bytes.writeInt32BE(value, this.#end);
  }

  /** With its length before it. */
  int64(value: bigint): void {
    this.int32(8);
    this.#reserve(8);
    this.#end = this.#bytes.writeBigInt64BE(value, this.#end);
  }

  /** With its length before it. */
  text(value: string): void {
    this.#reserve(4 + 3 * value.length);
    const length = this.#bytes.write(value, this.#end + 4);
    this.int32(length);
    this.#end += length;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#end);
    this.#end += value.length;
  }

  /** Writes how much there is from a place on, into that place. */
  lengthAt(place: number): void {
    this.#bytes.writeInt32BE(this.#end - place, place);
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}
