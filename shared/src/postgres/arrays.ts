/** The type's oid in `pg_type`. */
const json = 114;
const headerBytes = 20;

/**
 * Texts of JSON as one parameter of type `json[]`, in Postgres' binary form (`array_recv`). The driver would write them as
 * one text with every quote escaped, and Postgres would parse that before it parses the JSON.
 */
export function jsonArray(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const array = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, headerBytes));
  // One dimension, no nulls; so many items, the first of which is number one.
  const header = [1, 0, json, texts.length, 1];
  let at = header.reduce((offset, word) => array.writeInt32BE(word, offset), 0);
  for (const [index, text] of texts.entries()) {
    at = array.writeInt32BE(lengths[index]!, at);
    at += array.write(text, at);
  }
  return array;
}
