import { testDatabase } from '@agentcal/shared/testing/database';
import { Kysely, PostgresDialect } from 'kysely';
import t from 'tap';
import type { Row } from '../fold.ts';
import { big, boolean, defineTable, instant, integer, json, nullable, text } from '../table.ts';
import { dump } from '../testing.ts';
import { storageContract } from './contract.ts';
import { createPostgresStorage } from './postgres.ts';

storageContract(t, async (t) => {
  const { pool } = await testDatabase(t);
  return [createPostgresStorage(pool), createPostgresStorage(pool)];
});

const columns = { said: text, count: integer, much: big, is: boolean, at: instant, data: json<unknown>() };
const wide = defineTable(
  'wide',
  {
    id: text,
    ...columns,
    no_text: nullable(text),
    no_count: nullable(integer),
    no_much: nullable(big),
    no_instant: nullable(instant),
    no_data: nullable(json<unknown>()),
  },
  { key: ['id'] },
);

const values = {
  said: ['', 'Zoë \u2028 \u{1f600}', 'a\tb\nc\\d"e', 'x'.repeat(200_000), { no: 'text' }],
  count: [0, -1, 2 ** 31 - 1, -(2 ** 31)],
  much: [0, -1, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  is: [true, false],
  at: [
    '1970-01-01',
    '1999-12-31T23:59:59.999Z',
    '2000-01-01T00:00:00.001Z',
    '2026-03-29T01:30:00.5Z',
    '2999-12-31',
  ].map((at) => Date.parse(at)),
  data: [{}, [], 0, '', { b: [1.5, null, 'ü'], a: { '"': '\n' } }],
};
/** Every value in turn, beside others each time. */
const rows = Array.from({ length: 20 }, (_, n): Row => {
  const row = Object.entries(values).map(([name, all]) => [name, all[n % all.length]]);
  const { said, count, much, at, data } = Object.fromEntries(row);
  const nullables = { no_text: said, no_count: count, no_much: much, no_instant: at, no_data: data };
  return { id: `${n}`, ...Object.fromEntries(row), ...(n % 2 ? nullables : { no_text: null }) };
});

t.test('a row is the same, byte for byte, whether it was added or written over', async (t) => {
  const { pool } = await testDatabase(t);
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  const storage = createPostgresStorage(pool);
  await storage.transaction(async (trx) => {
    for (const schema of ['added', 'written']) {
      await trx.createSchema(schema);
      await trx.createTable(schema, wide);
    }
    await trx.insertRows('added', wide, rows);
    await trx.upsertRows('written', wide, rows);
  });
  const added = await dump(db, 'wide', 'added');
  t.equal(added.length, rows.length);
  t.same(added, await dump(db, 'wide', 'written'));
  const loaded = await storage.transaction((trx) => trx.loadRows('added', wide, rows));
  t.same(new Set(loaded.map(({ at }) => at)), new Set(values.at));
});

t.test('what is no number that the column can hold is refused, and the connection goes on', async (t) => {
  const { pool } = await testDatabase(t);
  const storage = createPostgresStorage(pool);
  const insert = (row: Row) => storage.transaction((trx) => trx.insertRows('added', wide, [row]));
  await storage.transaction(async (trx) => {
    await trx.createSchema('added');
    await trx.createTable('added', wide);
  });
  for (const wrong of [{ count: 0.5 }, { count: 2 ** 31 }, { at: Number.NaN }, { much: 2 ** 60 }])
    await t.rejects(insert({ ...rows[0]!, ...wrong }), /number/);
  await t.resolves(insert(rows[0]!));
  t.equal(pool.totalCount, 1);
});
