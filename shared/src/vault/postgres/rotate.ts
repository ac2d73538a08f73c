import type { Pool } from 'pg';
import { keyContext } from './data-keys.ts';
import type { Keyring } from './keyring.ts';
import { secretContext } from './secrets.ts';

const batch = 500;

/** What is wrapped, and how to say which row it belongs to. */
const tables = [
  { table: 'vault.data_keys', id: 'kid', wrapped: 'wrapped_key', context: keyContext },
  { table: 'vault.secrets', id: 'name', wrapped: 'wrapped_secret', context: secretContext },
] as const;

/** Wraps again whatever is not under the current master key. May be stopped and started again at any point. */
export async function rewrapAll(pool: Pool, keyring: Keyring): Promise<number> {
  let count = 0;
  for (const table of tables) {
    for (let done = batch; done === batch; count += done) done = await rewrapSome(pool, keyring, table);
  }
  return count;
}

async function rewrapSome(pool: Pool, keyring: Keyring, of: (typeof tables)[number]): Promise<number> {
  const { rows } = await pool.query<{ id: string; version: number; bytes: Buffer }>(
    `select ${of.id} as id, key_version as version, ${of.wrapped} as bytes from ${of.table}
     where key_version <> $1 limit ${batch}`,
    [keyring.version],
  );
  const again = rows.map((row) => keyring.wrap(keyring.unwrap(row, of.context(row.id)), of.context(row.id)));
  // Only where nobody has written it meanwhile: what was is wrapped anew, or comes with the next batch.
  await pool.query(
    `update ${of.table} as t set key_version = $1, ${of.wrapped} = n.new
     from unnest($2::text[], $3::bytea[], $4::bytea[]) as n (id, old, new)
     where t.${of.id} = n.id and t.${of.wrapped} = n.old`,
    [keyring.version, rows.map(({ id }) => id), rows.map(({ bytes }) => bytes), again.map(({ bytes }) => bytes)],
  );
  return rows.length;
}
