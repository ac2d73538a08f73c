import t from 'tap';
import { ParsedByText } from './parsed.ts';

t.test('text is parsed once as long as it is the same, and whose it is', async (t) => {
  const parsed = new ParsedByText<object>();
  const get = (id: string, text: string) => parsed.get(id, text, () => JSON.parse(text));
  const one = get('a', '[1]');
  t.equal(get('a', '[1]'), one);
  t.not(get('b', '[1]'), one);
  t.same(get('a', '[2]'), [2]);
  t.not(get('a', '[1]'), one, 'only the last one is known');
});

t.test('no more text is kept than was said, the oldest goes first', async (t) => {
  let times = 0;
  const parsed = new ParsedByText<number>(10);
  const get = (id: string, text: string) => parsed.get(id, text, () => ++times);
  for (const id of ['a', 'b']) get(id, '12345');
  t.equal(get('a', '12345'), 1);
  t.equal(get('c', '1'), 3);
  t.equal(get('b', '12345'), 2, 'still there');
  t.equal(get('a', '12345'), 4, 'parsed again');
  t.equal(get('d', '12345678901'), 5);
  t.equal(get('d', '12345678901'), 6, 'what does not fit is not kept');
});
