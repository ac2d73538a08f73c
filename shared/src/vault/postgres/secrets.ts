import type { Pool } from 'pg';
import type { Keyring } from './keyring.ts';

/** Named secrets that are kept outside the log, wrapped directly under the master key. */
export function createSecrets(pool: Pool, keyring: Keyring) {
  return {
    async put(name: string, secret: string): Promise<void> {
      const { version, bytes } = keyring.wrap(Buffer.from(secret), secretContext(name));
      await pool.query(
        `insert into vault.secrets (name, key_version, wrapped_secret) values ($1, $2, $3)
         on conflict (name) do update
         set key_version = excluded.key_version, wrapped_secret = excluded.wrapped_secret, updated_at = now()`,
        [name, version, bytes],
      );
    },
    async get(name: string): Promise<string | undefined> {
      const { rows } = await pool.query<{ key_version: number; wrapped_secret: Buffer }>(
        'select key_version, wrapped_secret from vault.secrets where name = $1',
        [name],
      );
      const [row] = rows;
      if (!row) return undefined;
      const wrapped = { version: row.key_version, bytes: row.wrapped_secret };
      return keyring.unwrap(wrapped, secretContext(name)).toString();
    },
    async delete(name: string): Promise<void> {
      await pool.query('delete from vault.secrets where name = $1', [name]);
    },
  };
}

export function secretContext(name: string): string {
  return `secret\n${name}`;
}
