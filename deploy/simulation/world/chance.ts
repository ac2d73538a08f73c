import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { randomBytes } from '@agentcal/shared/kernel/random';
import type { Random } from './random.ts';

const { randomBytes: bytesByChance, randomFillSync: fillByChance, randomUUID: uuidByChance } = crypto;

/**
 * Secrets, and the ids of what nobody sends again, are made of the machine's chance, which is not handed in. So that a seed
 * decides them too, it is replaced until the answered function gives it back.
 */
export function replaceChance(random: Random): () => void {
  put({
    randomBytes: (size: number) => Buffer.from(random.bytes(size)),
    randomFillSync: (into: Buffer) => Buffer.from(random.bytes(into.length)).copy(into),
    randomUUID: () => uuidOf(Buffer.from(random.bytes(16)).toString('hex')),
  });
  return () => put({ randomBytes: bytesByChance, randomFillSync: fillByChance, randomUUID: uuidByChance });
}

function put(functions: object): void {
  Object.assign(crypto, functions);
  syncBuiltinESMExports();
  // What was drawn in advance is used up.
  randomBytes(pooledBytes);
}

/** Of version 4. */
function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** As many as are drawn at once. */
const pooledBytes = 4_096;
