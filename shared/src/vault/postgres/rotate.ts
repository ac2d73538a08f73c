import type { Pool } from 'pg';
import { type Keyring, keyContext } from './keyring.ts';
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
    for (let after: string | undefined = ''; after !== undefined; ) {
      const done = await rewrapSome(pool, keyring, table, after);
      count += done.count;
      after = done.last;
    }
  }
  return count;
}

async function rewrapSome(
  pool: Pool,
  keyring: Keyring,
  of: (typeof tables)[number],
  after: string,
): Promise<{ count: number; last: string | undefined }> {
  const { rows } = await pool.query<{ id: string; version: number; bytes: Buffer }>(
    `select ${of.id} as id, key_version as version, ${of.wrapped} as bytes from ${of.table}
     where key_version <> $1 and ${of.id} > $2 order by ${of.id} limit ${batch}`,
    [keyring.version, after],
  );
  const again = rows.map((row) => keyring.wrap(keyring.unwrap(row, of.context(row.id)), of.context(row.id)));
  // Only where nobody has written it meanwhile; whoever did, did it under a key that is still known.
  await pool.query(
    `update ${of.table} as t set key_version = $1, ${of.wrapped} = n.new
     from unnest($2::text[], $3::bytea[], $4::bytea[]) as n (id, old, new)
     where t.${of.id} = n.id and t.${of.wrapped} = n.old`,
    [keyring.version, rows.map(({ id }) => id), rows.map(({ bytes }) => bytes), again.map(({ bytes }) => bytes)],
  );
  return { count: rows.length, last: rows.at(-1)?.id };
}
