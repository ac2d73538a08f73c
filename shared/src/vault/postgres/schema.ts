import type { Pool } from 'pg';

/** Any constant: two processes that start at once take turns on it. */
const lockId = 7_246_810_231;

const statements = `
  create schema if not exists vault;

  create table if not exists vault.data_keys (
    kid text primary key,
    scope text not null,
    kind text not null,
    subject_hash bytea not null unique,
    key_version integer not null,
    wrapped_key bytea not null,
    created_at timestamptz not null default now()
  );
  create index if not exists data_keys_by_key_version on vault.data_keys (key_version);

  create table if not exists vault.secrets (
    name text primary key,
    key_version integer not null,
    wrapped_secret bytea not null,
    updated_at timestamptz not null default now()
  );
`;

export async function createSchema(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lockId]);
    await client.query(statements);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
