import fc from 'fast-check';
import t from 'tap';
import { testDatabase } from '../testing/database.ts';
import { jsonArray } from './arrays.ts';

t.test('an array of JSON arrives as it was sent', async (t) => {
  const { pool } = await testDatabase(t);
  const arrives = async (texts: readonly string[]) => {
    const text = 'select item::text from unnest($1::json[]) with ordinality as sent (item, nth) order by nth';
    const { rows } = await pool.query<{ item: string }>(text, [jsonArray(texts)]);
    t.same(
      rows.map(({ item }) => item),
      texts,
    );
  };
  await arrives([]);
  await arrives(['null', '{"a": "\\"\\\\{},NULL"}', '"é€😀"', '"\\u0000"', '{ "b":1,"a":2, "b":3 }']);
  await fc.assert(fc.asyncProperty(fc.array(fc.json()), arrives), { numRuns: 50 });
});

t.test('what is no JSON is refused', async (t) => {
  const { pool } = await testDatabase(t);
  await t.rejects(pool.query('select $1::json[]', [jsonArray(['{}', '{'])]), { code: '22P02' });
});
