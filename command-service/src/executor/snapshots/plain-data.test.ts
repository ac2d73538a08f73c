import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { fromText, toText } from './plain-data.ts';

const again = (value: unknown) => fromText(toText(value));

t.test('any plain data comes back equal', async (t) => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.constantFrom(undefined, null, true, false, -0, Number.NaN, Number.NEGATIVE_INFINITY),
    fc.int32Array(),
    fc.float64Array(),
  );
  const { data } = fc.letrec((tie) => ({
    data: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('data')),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', 'is', '__proto__', 'constructor')), tie('data'), {
        noNullPrototype: true,
      }),
      fc.array(fc.tuple(fc.string(), tie('data'))).map((entries) => new Map(entries)),
      fc.array(tie('data')).map((items) => new Set(items)),
    ),
  }));
  fc.assert(fc.property(data, (value) => assert.deepStrictEqual(again(value), value)));
  t.pass('strictly');
});

t.test('what is shared stays shared, and what is equal stays apart', async (t) => {
  const one = { $: 'odd', numbers: Int32Array.of(1, 2) };
  const [first, second, third, numbers, list] = again([one, one, { ...one }, one.numbers, new Map([[one, [one]]])]) as [
    typeof one,
    unknown,
    unknown,
    unknown,
    Map<unknown, unknown[]>,
  ];
  t.equal(first, second);
  t.not(first, third);
  t.same(third, one);
  t.equal(numbers, first.numbers);
  t.equal(list.get(first)?.[0], first);
});

t.test('a field may have any name', async (t) => {
  const odd = JSON.parse('{"__proto__":{"a":1},"$":"undefined"}');
  assert.deepStrictEqual(again(odd), odd);
  t.equal(({} as { a?: number }).a, undefined);
});

t.test('what is not plain data is refused', async (t) => {
  class Something {}
  for (const value of [
    () => {},
    Symbol('s'),
    new Something(),
    new Date(0),
    Object.create(null),
    { [Symbol('s')]: 1 },
  ]) {
    t.throws(() => toText({ value }), /not plain data/);
  }
  t.throws(() => fromText('{"$":"Something","is":[]}'), /not a word/);
});
