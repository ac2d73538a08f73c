import { Ajv } from 'ajv';
import t from 'tap';
import { type TSchema, Type } from 'typebox';
import { close } from './closed-schemas.ts';

t.test('closes objects at every depth', async (t) => {
  const inner = Type.Object({ a: Type.String() });
  const closed = close(Type.Object({ one: inner, many: Type.Array(inner), some: Type.Union([inner, Type.Null()]) }));
  t.match(closed, {
    additionalProperties: false,
    properties: {
      one: { additionalProperties: false },
      many: { items: { additionalProperties: false } },
      some: { anyOf: [{ additionalProperties: false }, { type: 'null' }] },
    },
  });
  t.notOk('additionalProperties' in inner, 'in a copy');
});

t.test('closes records to names that their pattern does not have', async (t) => {
  const closed = close(Type.Object({ tags: Type.Record(Type.String({ pattern: '^.{1,4}$' }), Type.String()) }));
  const validate = new Ajv().compile(closed as object);
  t.ok(validate({ tags: { ours: 'x' } }));
  for (const name of ['', 'longer', '\u2028']) t.notOk(validate({ tags: { [name]: { any: ['json'] } } }), name);
});

t.test('leaves what says itself what else it takes', async (t) => {
  const open = Type.Object({ a: Type.String() }, { additionalProperties: true });
  t.match(close(open), { additionalProperties: true });
  const free = { type: 'object' };
  t.same(close(free), free);
  const any = Type.Any({ default: { type: 'object', properties: {} } });
  t.same((close(any) as { default: object }).default, { type: 'object', properties: {} });
});

t.test('different items are looked up, not compared each with each', async (t) => {
  const unique = (items: TSchema) => close(Type.Array(items, { uniqueItems: true }));
  t.match(unique(Type.Enum(['a', 'b'])), { items: { type: 'string', enum: ['a', 'b'] } });
  t.match(unique(Type.Integer()), { items: { type: 'integer' } });
  t.throws(() => unique(Type.Object({ a: Type.String() })), /plain type/);
  t.throws(() => unique(Type.Any()), /plain type/);
});

t.test('refuses what cannot be closed', async (t) => {
  const a = Type.Object({ a: Type.String() });
  t.throws(() => close(Type.Object({ both: Type.Intersect([a, a]) })), /allOf/);
});
