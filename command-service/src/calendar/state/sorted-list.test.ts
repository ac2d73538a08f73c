import fc from 'fast-check';
import t from 'tap';
import { between, emptyList, find, kept, put, type SortedList, without } from './sorted-list.ts';

interface Item {
  readonly key: number;
  readonly value?: number;
}
const byKey = (a: { key: number }, b: { key: number }) => a.key - b.key;
const items = (list: SortedList<Item>) => list.chunks.flat();

t.test('it is a sorted map, whatever is done to it', async (t) => {
  const step = fc.record({
    what: fc.constantFrom('put', 'put', 'put', 'without'),
    key: fc.integer({ min: 0, max: 700 }),
    value: fc.integer(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000, size: 'max' }), fc.nat(700), fc.nat(700), (steps, from, to) => {
      const model = new Map<number, Item>();
      let list: SortedList<Item> = emptyList;
      for (const { what, key, value } of steps) {
        const before = items(list).length;
        const old = list;
        const item = { key, value };
        if (what === 'put') model.set(key, item);
        else model.delete(key);
        list = what === 'put' ? put(list, item, byKey) : without(list, item, byKey);
        if (items(old).length !== before) return false;
      }
      const expected = [...model.values()].sort(byKey);
      const inRange = expected.filter(({ key }) => key >= from && key < to);
      return (
        list.size === expected.length &&
        list.chunks.every((chunk) => chunk.length > 0 && chunk.length <= 128) &&
        JSON.stringify(items(list)) === JSON.stringify(expected) &&
        JSON.stringify(between(list, { key: from }, { key: to }, byKey)) === JSON.stringify(inRange) &&
        find(list, { key: from }, byKey) === model.get(from)
      );
    }),
    { numRuns: 40 },
  );
  t.pass('held against a map');
});

t.test('keeping some leaves the others out', async (t) => {
  let list: SortedList<Item> = emptyList;
  for (let key = 0; key < 1_000; key += 1) list = put(list, { key }, byKey);
  const odd = kept(list, ({ key }) => key % 2 === 1);
  t.equal(odd.size, 500);
  t.same(find(odd, { key: 7 }, byKey), { key: 7 });
  t.equal(find(odd, { key: 8 }, byKey), undefined);
  t.equal(kept(odd, () => false).size, 0);
});
