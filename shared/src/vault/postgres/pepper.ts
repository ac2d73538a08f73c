import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { keyBytes } from '../sealing.ts';
import type { createSecrets } from './secrets.ts';

/**
 * The key under which subjects are hashed. It outlives every master key, since a hash cannot be made
 * again without the address that it hides; so it is made once, and kept as a secret like the others.
 */
export async function openPepper(secrets: ReturnType<typeof createSecrets>): Promise<KeyObject> {
  const pepper = await secrets.keep('vault.subject-pepper', randomBytes(keyBytes).toString('hex'));
  return createSecretKey(Buffer.from(pepper, 'hex'));
}
