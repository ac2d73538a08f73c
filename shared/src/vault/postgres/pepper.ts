import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { keyBytes } from '../sealing.ts';
import type { Keyring } from './keyring.ts';
import { secretContext } from './secrets.ts';

const name = 'vault.subject-pepper';

/**
 * The key under which subjects are hashed. It outlives every master key, since a hash cannot be made
 * again without the address that it hides; so it is made once, and kept as a secret like the others.
 */
export async function openPepper(pool: Pool, keyring: Keyring): Promise<KeyObject> {
  const { version, bytes } = keyring.wrap(randomBytes(keyBytes), secretContext(name));
  await pool.query(
    `insert into vault.secrets (name, key_version, wrapped_secret) values ($1, $2, $3)
     on conflict (name) do nothing`,
    [name, version, bytes],
  );
  const { rows } = await pool.query<{ key_version: number; wrapped_secret: Buffer }>(
    'select key_version, wrapped_secret from vault.secrets where name = $1',
    [name],
  );
  const wrapped = { version: rows[0]!.key_version, bytes: rows[0]!.wrapped_secret };
  return createSecretKey(keyring.unwrap(wrapped, secretContext(name)));
}
