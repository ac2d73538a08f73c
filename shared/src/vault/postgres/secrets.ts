import type { Pool } from 'pg';
import type { Keyring } from './keyring.ts';

/** Named secrets that are kept outside the log, wrapped directly under the master key. */
export function createSecrets(pool: Pool, keyring: Keyring) {
  const unwrap = (name: string, { key_version: version, wrapped_secret: bytes }: SecretRow) =>
    keyring.unwrap({ version, bytes }, secretContext(name)).toString();

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
    async keep(name: string, secret: string): Promise<string> {
      const { version, bytes } = keyring.wrap(Buffer.from(secret), secretContext(name));
      // `do update` of nothing, so that the row that was there comes back too, whoever wrote it and when.
      const { rows } = await pool.query<SecretRow>(
        `insert into vault.secrets as kept (name, key_version, wrapped_secret) values ($1, $2, $3)
         on conflict (name) do update set name = kept.name
         returning kept.key_version, kept.wrapped_secret`,
        [name, version, bytes],
      );
      return unwrap(name, rows[0]!);
    },
    async get(name: string): Promise<string | undefined> {
      const { rows } = await pool.query<SecretRow>(
        'select key_version, wrapped_secret from vault.secrets where name = $1',
        [name],
      );
      const [row] = rows;
      return row && unwrap(name, row);
    },
    async delete(name: string): Promise<void> {
      await pool.query('delete from vault.secrets where name = $1', [name]);
    },
  };
}

interface SecretRow {
  readonly key_version: number;
  readonly wrapped_secret: Buffer;
}

export function secretContext(name: string): string {
  return `secret\n${name}`;
}
