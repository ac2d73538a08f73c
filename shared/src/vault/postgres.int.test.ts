import { randomBytes } from 'node:crypto';
import pg, { type Pool } from 'pg';
import t from 'tap';
import { fakeClock } from '../testing/clock.ts';
import { testDatabase } from '../testing/database.ts';
import { vaultContract } from './contract.ts';
import type { Subject } from './port.ts';
import { createPostgresVault } from './postgres.ts';

const masterKey = randomBytes(32);
const ann: Subject = { scope: 'acct_1', kind: 'attendee', id: 'ann@example.test' };

await vaultContract(t, 'postgres', async (t) => {
  const { pool } = await testDatabase(t);
  return createPostgresVault({ pool, masterKey });
});

await vaultContract(t, 'postgres without a cache', async (t) => {
  const { pool } = await testDatabase(t);
  return createPostgresVault({ pool, masterKey, cacheSize: 0 });
});

t.test('processes that start at once make one schema and one pepper', async (t) => {
  const { pool } = await testDatabase(t);
  const vaults = await Promise.all(Array.from({ length: 6 }, () => createPostgresVault({ pool, masterKey })));
  const sealed = await Promise.all(vaults.map((vault) => vault.seal(ann, 'Ann')));
  t.equal(new Set(sealed.map(({ kid }) => kid)).size, 1, 'who seal for one new person with one key');
  t.strictSame(await vaults[5]!.open(sealed), Array(6).fill('Ann'));
});

t.test('processes that seal for the same crowd at once agree on every key', async (t) => {
  const { pool } = await testDatabase(t);
  const [one, other] = [await createPostgresVault({ pool, masterKey }), await createPostgresVault({ pool, masterKey })];
  const crowd = Array.from({ length: 300 }, (_, n) => ({ ...ann, id: `${n}@example.test` }));
  const [left, right] = await Promise.all([
    Promise.all(crowd.map((subject) => one.seal(subject, 1))),
    Promise.all(crowd.toReversed().map((subject) => other.seal(subject, 1))),
  ]);
  t.strictSame(
    left.map(({ kid }) => kid),
    right.toReversed().map(({ kid }) => kid),
  );
});

t.test('processes that seal ahead for one person at once, erase everything together', async (t) => {
  const { pool } = await testDatabase(t);
  const vaults = await Promise.all(Array.from({ length: 4 }, () => createPostgresVault({ pool, masterKey })));
  for (const [n, vault] of vaults.entries())
    await vault.seal({ ...ann, id: `${n}@example.test` }, 'so that there are spares');
  const ahead = await Promise.all(vaults.map((vault) => vault.sealAhead(ann, 'Ann')));
  const sealed = ahead.map(({ sealed }) => sealed);
  await Promise.all(ahead.map(({ claimed }) => claimed));
  t.equal(new Set(sealed.map(({ kid }) => kid)).size, 4, 'each had one at hand');
  t.strictSame(await vaults[0]!.open(sealed), Array(4).fill('Ann'));
  const later = await Promise.all(vaults.map((vault) => vault.seal(ann, 'later')));
  t.equal(new Set(later.map(({ kid }) => kid)).size, 1, 'and all go on with the one that was first');
  t.equal(await vaults[0]!.erase(ann), 4);
  const elsewhere = await createPostgresVault({ pool, masterKey });
  t.strictSame(await elsewhere.open([...sealed, ...later]), Array(8).fill(null));
});

t.test('a crowd costs a few round trips, not one each', async (t) => {
  const { pool } = await testDatabase(t);
  const { counted, queries } = counting(pool);
  const vault = await createPostgresVault({ pool: counted, masterKey });
  const before = queries();
  const crowd = Array.from({ length: 200 }, (_, n) => ({ ...ann, id: `${n}@example.test` }));
  const sealed = await Promise.all(crowd.map((subject) => vault.seal(subject, subject.id)));
  t.ok(queries() - before <= 3, 'sealing for new people');
  const fresh = await createPostgresVault({ pool: counted, masterKey });
  const opening = queries();
  t.strictSame(
    await fresh.open(sealed),
    crowd.map(({ id }) => id),
  );
  t.equal(queries() - opening, 1, 'opening in another process');
});

t.test('a key destroyed elsewhere is used no longer than the cache promises', async (t) => {
  const { pool } = await testDatabase(t);
  const clock = fakeClock(0);
  const options = { pool, masterKey, clock, cacheTtlMs: 5_000 };
  const [here, elsewhere] = [await createPostgresVault(options), await createPostgresVault(options)];
  const sealed = await here.seal(ann, 'Ann');
  await elsewhere.erase(ann);
  clock.advance(5_000);
  t.strictSame(await here.open([sealed]), [null]);
  const fresh = await here.seal(ann, 'back');
  t.not(fresh.kid, sealed.kid);
  t.strictSame(await elsewhere.open([fresh, sealed]), ['back', null]);
});

t.test('people who are sealed for and erased at once are either readable or mute, never broken', async (t) => {
  const { pool } = await testDatabase(t);
  const vault = await createPostgresVault({ pool, masterKey });
  const turns = Array.from({ length: 60 }, (_, n) => (n % 3 === 2 ? vault.erase(ann) : vault.seal(ann, n)));
  const sealed = (await Promise.all(turns)).filter((result) => typeof result === 'object');
  for (const [index, opened] of (await vault.open(sealed)).entries()) {
    t.ok(opened === null || typeof opened === 'number', `seal ${index}`);
  }
  t.strictSame(await vault.open([await vault.seal(ann, 'last')]), ['last']);
});

t.test('no personal data and no key stands in the tables', async (t) => {
  const { pool } = await testDatabase(t);
  const vault = await createPostgresVault({ pool, masterKey });
  await vault.seal(ann, 'Ann');
  await vault.putSecret('whk_1', 'whsec_plain');
  const { rows } = await pool.query(
    `select encode(convert_to(k::text, 'UTF8'), 'escape') as text from vault.data_keys k
     union all select encode(wrapped_secret, 'escape') from vault.secrets`,
  );
  t.notMatch(JSON.stringify(rows), /ann@|whsec_plain/);
});

t.test('the master key can be changed while everything runs', async (t) => {
  const { pool } = await testDatabase(t);
  const next = randomBytes(32);
  const old = await createPostgresVault({ pool, masterKey, otherMasterKeys: new Map([[2, next]]), cacheSize: 0 });
  const crowd = Array.from({ length: 1_100 }, (_, n) => ({ ...ann, id: `${n}@example.test` }));
  const sealed = await Promise.all(crowd.map((subject, n) => old.seal(subject, n)));
  await old.putSecret('whk_1', 'whsec_1');

  const keys = { masterKey: next, masterKeyVersion: 2, otherMasterKeys: new Map([[1, masterKey]]) };
  const rotating = await createPostgresVault({ pool, ...keys });
  t.ok((await rotating.rotate()) >= crowd.length + 2, 'the data keys, the secret and the pepper');
  t.equal(await rotating.rotate(), 0);

  const only = await createPostgresVault({ pool, masterKey: next, masterKeyVersion: 2 });
  t.strictSame(await only.open(sealed), Array.from(crowd.keys()));
  t.equal(await only.getSecret('whk_1'), 'whsec_1');
  t.equal((await only.seal(ann, 1)).kid, (await old.seal(ann, 1)).kid, 'and people keep their keys');
  await t.rejects(createPostgresVault({ pool, masterKey }), /master key 2, which was not given/);
});

t.test('a wrong master key is told at the start', async (t) => {
  const { pool } = await testDatabase(t);
  await createPostgresVault({ pool, masterKey });
  await t.rejects(createPostgresVault({ pool, masterKey: randomBytes(32) }), /master key 1 does not open this vault/);
  await t.rejects(createPostgresVault({ pool, masterKey: randomBytes(16) }), /32 bytes/);
});

t.test('a claim that a crash of Postgres lost is found again in what was sealed', async (t) => {
  const { pool } = await testDatabase(t);
  const options = { pool, masterKey, cacheSize: 0 };
  const vault = await createPostgresVault(options);
  const before = await vault.seal(ann, 'before');
  await pool.query('delete from vault.claims');
  const after = await vault.seal(ann, 'after');
  t.not(after.kid, before.kid, 'nobody knew of the first key');
  t.strictSame(await vault.open([before, after]), ['before', 'after'], 'and yet it opens');
  t.equal(await vault.erase(ann), 2, 'and is erased with the other');
  t.strictSame(await vault.open([before, after]), [null, null]);
  await vault.close();
});

t.test('also where the process that claimed it is the one that opens it', async (t) => {
  const { pool, url } = await testDatabase(t);
  const vault = await createPostgresVault({ pool, masterKey });
  const sealed = await vault.seal(ann, 'Ann');
  const crash = new pg.Client(url);
  await crash.connect();
  const lost = new Promise((resolve) => pool.once('remove', resolve));
  await crash.query('delete from vault.claims');
  await crash.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await lost;
  await crash.end();
  t.strictSame(await vault.open([sealed]), ['Ann']);
  t.equal(await vault.erase(ann), 1);
  await vault.close();
});

t.test('a spare key that another process left behind is never given to anybody', async (t) => {
  const { pool } = await testDatabase(t);
  const kids = new Set<string>();
  for (let start = 0; start < 3; start += 1) {
    const vault = await createPostgresVault({ pool, masterKey });
    for (let n = 0; n < 5; n += 1) kids.add((await vault.seal({ ...ann, id: `${start}-${n}` }, 1)).kid);
    await vault.close();
  }
  t.equal(kids.size, 15);
});

t.test('a vault that was restored in part says so', async (t) => {
  const { pool } = await testDatabase(t);
  const vault = await createPostgresVault({ pool, masterKey, cacheSize: 0 });
  await vault.seal(ann, 1);
  await pool.query('delete from vault.data_keys');
  await t.rejects(vault.seal(ann, 1), /claims without keys/);
});

t.test('a failed round trip fails its callers, and the next one works', async (t) => {
  const { pool } = await testDatabase(t);
  const vault = await createPostgresVault({ pool, masterKey });
  await pool.query('alter table vault.data_keys rename to away');
  await t.rejects(Promise.all([vault.seal(ann, 1), vault.seal({ ...ann, id: 'b' }, 1)]), /does not exist/);
  await pool.query('alter table vault.away rename to data_keys');
  t.strictSame(await vault.open([await vault.seal(ann, 1)]), [1]);
});

/** A pool that counts what is asked of it. */
function counting(pool: Pool) {
  let count = 0;
  const counted = new Proxy(pool, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name === 'query') count += 1;
        return value.apply(target, args);
      };
    },
  });
  return { counted, queries: () => count };
}
