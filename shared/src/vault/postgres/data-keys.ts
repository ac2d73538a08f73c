import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { createBatcher } from '../batcher.ts';
import type { Subject } from '../port.ts';
import { keyBytes, newKid } from '../sealing.ts';
import { type CacheOptions, createKeyCache, type OpenedKey } from './key-cache.ts';
import type { Keyring } from './keyring.ts';

interface Wanted {
  readonly scope: string;
  readonly kind: string;
  readonly hash: Buffer;
}

interface Row {
  readonly kid: string;
  readonly subject_hash: Buffer;
  readonly key_version: number;
  readonly wrapped_key: Buffer;
}

const maxBatch = 500;

/** Data keys: made on first use, opened under the master key, destroyed for good. */
export function createDataKeys(pool: Pool, keyring: Keyring, options: CacheOptions) {
  const cache = createKeyCache(options);
  // Counts destructions: what was read before one must not enter the cache after it.
  let destructions = 0;
  const claim = createBatcher<Wanted, OpenedKey>((wanted) => cached(() => claimAll(wanted)), maxBatch);
  const find = createBatcher<string, OpenedKey | undefined>((kids) => cached(() => findAll(kids)), maxBatch);

  async function cached<T extends OpenedKey | undefined>(load: () => Promise<T[]>): Promise<T[]> {
    const before = { at: options.clock.now(), destructions };
    const opened = await load();
    if (before.destructions !== destructions) return opened;
    for (const key of opened) if (key) cache.put(key, before.at);
    return opened;
  }

  /** Makes the keys that are missing and answers all, those of other processes included. */
  async function claimAll(wanted: readonly Wanted[]): Promise<OpenedKey[]> {
    const keys = new Map<string, OpenedKey>();
    const missing = () => sorted(wanted).filter(({ hash }) => !keys.has(hash.toString('hex')));
    // More than one round only where a key is destroyed between our insert and our select.
    while (missing().length > 0) {
      for (const row of await insert(missing())) keys.set(row.subject_hash.toString('hex'), opened(row));
      const taken = missing().map(({ hash }) => hash);
      if (taken.length === 0) break;
      const { rows } = await pool.query<Row>(`${select} where subject_hash = any($1::bytea[])`, [taken]);
      for (const row of rows) keys.set(row.subject_hash.toString('hex'), opened(row));
    }
    return wanted.map(({ hash }) => keys.get(hash.toString('hex'))!);
  }

  async function insert(wanted: readonly Wanted[]): Promise<Row[]> {
    const fresh = wanted.map(() => {
      const kid = newKid();
      return { kid, wrapped: keyring.wrap(randomBytes(keyBytes), keyContext(kid)) };
    });
    const { rows } = await pool.query<Row>(
      `insert into vault.data_keys (kid, scope, kind, subject_hash, key_version, wrapped_key)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::int[], $6::bytea[])
       on conflict (subject_hash) do nothing
       returning kid, subject_hash, key_version, wrapped_key`,
      [
        fresh.map(({ kid }) => kid),
        wanted.map(({ scope }) => scope),
        wanted.map(({ kind }) => kind),
        wanted.map(({ hash }) => hash),
        fresh.map(({ wrapped }) => wrapped.version),
        fresh.map(({ wrapped }) => wrapped.bytes),
      ],
    );
    return rows;
  }

  async function findAll(kids: readonly string[]): Promise<(OpenedKey | undefined)[]> {
    const { rows } = await pool.query<Row>(`${select} where kid = any($1::text[])`, [[...new Set(kids)]]);
    const keys = new Map(rows.map((row) => [row.kid, opened(row)]));
    return kids.map((kid) => keys.get(kid));
  }

  function opened({ kid, subject_hash, key_version, wrapped_key }: Row): OpenedKey {
    const key = keyring.unwrap({ version: key_version, bytes: wrapped_key }, keyContext(kid));
    return { kid, key: createSecretKey(key), subject: subject_hash.toString('hex') };
  }

  return {
    async forSubject({ scope, kind }: Subject, hash: Buffer): Promise<OpenedKey> {
      return cache.bySubject(hash.toString('hex')) ?? claim({ scope, kind, hash });
    },
    /** The keys that still exist. */
    async byKid(kids: readonly string[]): Promise<Map<string, KeyObject>> {
      const found = await Promise.all([...new Set(kids)].map(async (kid) => cache.get(kid) ?? find(kid)));
      return new Map(found.filter((key) => key !== undefined).map(({ kid, key }) => [kid, key]));
    },
    async destroy(hash: Buffer): Promise<number> {
      const { rowCount } = await pool.query('delete from vault.data_keys where subject_hash = $1', [hash]);
      destructions += 1;
      cache.dropSubject(hash.toString('hex'));
      return rowCount ?? 0;
    },
    forget: () => cache.clear(),
  };
}

const select = 'select kid, subject_hash, key_version, wrapped_key from vault.data_keys';

export function keyContext(kid: string): string {
  return `data key\n${kid}`;
}

/** Each subject once, always in the same order: two processes with the same subjects never wait in a circle. */
function sorted(wanted: readonly Wanted[]): Wanted[] {
  const bySubject = new Map(wanted.map((one) => [one.hash.toString('hex'), one]));
  return [...bySubject.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
