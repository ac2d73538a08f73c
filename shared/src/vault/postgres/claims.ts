import type { Pool } from 'pg';
import type { DataKey } from '../sealing.ts';
import type { createSpares } from './spares.ts';

export interface Wanted {
  readonly scope: string;
  readonly kind: string;
  /** Hash of who it is. */
  readonly subject: Buffer;
}

export interface Claim {
  readonly subject: Buffer;
  readonly kid: string;
}

/**
 * Gives each person who has no key yet one of the spares, and answers whose key is which. The first of
 * several processes wins, and the others learn its choice.
 *
 * The claim is not waited for on disk. Every key that is used is durable already, so nothing sealed can be
 * lost; a claim that a crash of Postgres loses is found again in what was sealed (see `repair`).
 */
export async function claim(
  pool: Pool,
  spares: ReturnType<typeof createSpares>,
  wanted: readonly Wanted[],
): Promise<Map<string, { kid: string; key?: DataKey }>> {
  const claims = new Map<string, { kid: string; key?: DataKey }>();
  const missing = () => inOrder(wanted).filter(({ subject }) => !claims.has(subject.toString('hex')));
  // More than one round only where somebody is erased between our insert and our select.
  while (missing().length > 0) {
    const keys = await spares.take(missing().length);
    const won = new Map(
      (await insertClaims(pool, missing(), keys)).map(({ subject, kid }) => [kid, subject.toString('hex')]),
    );
    for (const key of keys) if (won.has(key.kid)) claims.set(won.get(key.kid)!, { kid: key.kid, key });
    spares.giveBack(keys.filter(({ kid }) => !won.has(kid)));
    for (const { subject, kid } of await find(pool, missing())) claims.set(subject.toString('hex'), { kid });
  }
  return claims;
}

/** The claims that were first; the others' people have a key already. */
export async function insertClaims(pool: Pool, wanted: readonly Wanted[], keys: readonly DataKey[]): Promise<Claim[]> {
  const { rows } = await pool.query<Claim>({
    ...insertStatement,
    values: [
      wanted.map(({ subject }) => subject),
      keys.map(({ kid }) => kid),
      wanted.map(({ scope }) => scope),
      wanted.map(({ kind }) => kind),
    ],
  });
  return rows;
}

/** Has a name, as every statement of a busy path: parsing and planning it each time costs twice what it does. */
const insertStatement = {
  name: 'vault-claim',
  text: `
    with unwaited as (select set_config('synchronous_commit', 'off', true))
    insert into vault.claims (subject, kid, scope, kind)
    select wanted.* from unwaited, unnest($1::bytea[], $2::text[], $3::text[], $4::text[]) as wanted
    on conflict (subject) do nothing
    returning subject, kid`,
};

async function find(pool: Pool, wanted: readonly Wanted[]): Promise<Claim[]> {
  if (wanted.length === 0) return [];
  const { rows } = await pool.query<Claim>('select subject, kid from vault.claims where subject = any($1::bytea[])', [
    wanted.map(({ subject }) => subject),
  ]);
  return rows;
}

/** Writes down whose keys these are, where no claim says so any more, so that erasing finds them. */
export async function repair(pool: Pool, found: readonly Claim[]): Promise<void> {
  await pool.query(
    `update vault.data_keys as k set lost_subject = found.subject
     from unnest($1::bytea[], $2::text[]) as found (subject, kid) where k.kid = found.kid`,
    [found.map(({ subject }) => subject), found.map(({ kid }) => kid)],
  );
}

/** Each person once, always in the same order: two processes with the same people never wait in a circle. */
function inOrder(wanted: readonly Wanted[]): Wanted[] {
  const bySubject = new Map(wanted.map((one) => [one.subject.toString('hex'), one]));
  return [...bySubject.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
