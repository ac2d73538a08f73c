import type { Pool } from 'pg';

/** Any constant: two processes that start at once take turns on it. */
const lockId = 7_246_810_231;

/** See README.md for what each table is for. */
const statements = `
  create schema if not exists vault;

  create table if not exists vault.data_keys (
    kid text primary key,
    key_version integer not null,
    wrapped_key bytea not null,
    lost_subject bytea
  );
  create index if not exists data_keys_by_lost_subject on vault.data_keys (lost_subject)
    where lost_subject is not null;

  create table if not exists vault.claims (
    subject bytea primary key,
    kid text not null unique,
    scope text not null,
    kind text not null,
    claimed_at timestamptz not null default now()
  );

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
