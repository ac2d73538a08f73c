/** A piece of JSON: text, or ASCII that knows how long it is and writes itself. */
export type JsonPiece = string | { readonly length: number; writeTo(json: Buffer, at: number): void };

/** JSON in pieces: a long answer becomes bytes once, where it will stay. */
export type Json = readonly JsonPiece[];

export function toBytes(json: Json): Buffer {
  const lengths = json.map((piece) => (typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const [n, piece] of json.entries()) {
    if (typeof piece === 'string') bytes.write(piece, at);
    else piece.writeTo(bytes, at);
    at += lengths[n]!;
  }
  return bytes;
}
