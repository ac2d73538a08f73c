import { createSecretKey } from 'node:crypto';
import type { Pool } from 'pg';
import { createBatcher } from '../batcher.ts';
import type { DataKey } from '../sealing.ts';
import { type Ahead, createKeysAhead } from './ahead.ts';
import { claim, type Wanted } from './claims.ts';
import { type CacheOptions, createKeyCache, type OpenedKey } from './key-cache.ts';
import { type Keyring, keyContext } from './keyring.ts';
import { createSpares } from './spares.ts';

interface Row {
  readonly kid: string;
  readonly subject: Buffer | null;
  readonly key_version: number;
  readonly wrapped_key: Buffer;
}

const selectKeys = {
  name: 'vault-keys',
  text: `
    select k.kid, coalesce(c.subject, k.lost_subject) as subject, k.key_version, k.wrapped_key
    from vault.data_keys k left join vault.claims c on c.kid = k.kid where k.kid = any($1::text[])`,
};

const maxAttempts = 5;
const batches = { maxBatch: 500, maxInFlight: 2 };

/** Data keys: given to people, opened under the master key, destroyed for good. */
export function createDataKeys(pool: Pool, keyring: Keyring, options: CacheOptions) {
  const cache = createKeyCache(options);
  const spares = createSpares(pool, keyring);
  // Counts destructions: what was read before one must not enter the cache after it.
  let destructions = 0;
  // Postgres may have crashed, and lost claims. What is cached would hide that from `open`, which finds them again.
  pool.on('remove', cache.clear);
  const claiming = createBatcher<Wanted, DataKey>((wanted) => claimAll(wanted), batches);
  const ahead = createKeysAhead(pool);
  const finding = createBatcher<string, OpenedKey | undefined>(findAll, batches);

  async function claimAll(wanted: readonly Wanted[], attempt = 1): Promise<DataKey[]> {
    const before = { at: options.clock.now(), destructions };
    const claims = await claim(pool, spares, wanted);
    const others = [...claims.values()].filter(({ key }) => !key).map(({ kid }) => kid);
    const opened = others.length === 0 ? [] : await findAll(others);
    const keys = new Map<string, DataKey>();
    for (const key of opened) if (key) keys.set(key.kid, key);
    for (const { key } of claims.values()) if (key) keys.set(key.kid, key);
    const answers = wanted.map(({ subject }) => keys.get(claims.get(subject.toString('hex'))!.kid));
    if (answers.includes(undefined)) {
      // Somebody was erased between their claim and their key, and has none now. More often than that it is no chance.
      if (attempt === maxAttempts) throw new Error('the vault has claims without keys: was it restored in part?');
      return claimAll(wanted, attempt + 1);
    }
    if (before.destructions === destructions) {
      for (const [subject, { kid }] of claims) cache.putClaim({ ...keys.get(kid)!, subject }, before.at);
    }
    return answers as DataKey[];
  }

  async function findAll(kids: readonly string[]): Promise<(OpenedKey | undefined)[]> {
    const before = { at: options.clock.now(), destructions };
    const { rows } = await pool.query<Row>({ ...selectKeys, values: [[...new Set(kids)]] });
    const keys = new Map(rows.map((row) => [row.kid, open(row)]));
    if (before.destructions === destructions) {
      for (const key of keys.values()) if (key.subject !== undefined) cache.put(key, before.at);
    }
    return kids.map((kid) => keys.get(kid));
  }

  function open({ kid, subject, key_version, wrapped_key }: Row): OpenedKey {
    const key = keyring.unwrap({ version: key_version, bytes: wrapped_key }, keyContext(kid));
    return { kid, key: createSecretKey(key), subject: subject?.toString('hex') };
  }

  return {
    async forSubject(wanted: Wanted): Promise<DataKey> {
      return cache.claimedBy(wanted.subject.toString('hex')) ?? claiming(wanted);
    },
    /** A key to seal with now. Somebody whose key is not at hand gets another, and both are destroyed with them. */
    async aheadForSubject(wanted: Wanted): Promise<Ahead> {
      const subject = wanted.subject.toString('hex');
      const known = cache.claimedBy(subject);
      if (known) return { key: known, claimed: Promise.resolve() };
      const underWay = ahead.of(subject);
      if (underWay) return underWay;
      const spare = spares.takeOne();
      if (!spare) return { key: await claiming(wanted), claimed: Promise.resolve() };
      const before = { at: options.clock.now(), destructions };
      return ahead.claim(wanted, spare, (first) => {
        // They have another key: it is looked up now, so that they do not get a further one each time.
        if (!first) return claiming(wanted);
        if (before.destructions === destructions) cache.putClaim({ ...spare, subject }, before.at);
      });
    },
    /** The keys that still exist. */
    async byKid(kids: readonly string[]): Promise<Map<string, OpenedKey>> {
      const found = await Promise.all([...new Set(kids)].map(async (kid) => cache.get(kid) ?? finding(kid)));
      return new Map(found.filter((key) => key !== undefined).map((key) => [key.kid, key]));
    },
    async destroy(subject: Buffer): Promise<number> {
      const { rowCount } = await pool.query(
        `with claimed as (delete from vault.claims where subject = $1 returning kid)
         delete from vault.data_keys where lost_subject = $1 or kid in (select kid from claimed)`,
        [subject],
      );
      destructions += 1;
      ahead.forget(subject.toString('hex'));
      cache.dropSubject(subject.toString('hex'));
      return rowCount ?? 0;
    },
    async close(): Promise<void> {
      pool.off('remove', cache.clear);
      cache.clear();
      await spares.settle();
    },
  };
}
