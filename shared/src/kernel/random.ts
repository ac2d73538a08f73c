import { randomFillSync } from 'node:crypto';

const poolBytes = 4_096;
const pool = Buffer.alloc(poolBytes);
let used = poolBytes;

/**
 * Unguessable bytes, each handed out once. Asking the library for a dozen at a time costs it as much as asking for
 * thousands, so thousands are asked for; what has been handed out is not kept.
 */
export function randomBytes(size: number): Buffer {
  if (size > poolBytes) throw new RangeError(`at most ${poolBytes} random bytes at once`);
  if (used + size > poolBytes) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + size));
  pool.fill(0, used, used + size);
  used += size;
  return bytes;
}
