import t from 'tap';
import { createSummary } from './summary.ts';

function summarize(tap: string, endedWell: boolean) {
  const printed: string[] = [];
  const summary = createSummary((line) => printed.push(line));
  for (const line of tap.split('\n')) summary.read(line);
  return { totals: summary.end(endedWell), printed };
}

t.test('a file that passed is one line, one that failed is everything but its passes', async (t) => {
  const { printed } = summarize(
    `# Subtest: a.test.ts
    ok 1 - fine
    1..1
ok 1 - a.test.ts # time=1ms
# Subtest: b.test.ts
    ok 1 - fine
    not ok 2 - broken
      ---
      diff: x
      ...
not ok 2 - b.test.ts # time=1ms`,
    false,
  );
  t.same(printed, [
    'ok 1 - a.test.ts # time=1ms',
    '# Subtest: b.test.ts',
    '    not ok 2 - broken',
    '      ---',
    '      diff: x',
    '      ...',
    'not ok 2 - b.test.ts # time=1ms',
  ]);
});

t.test('the totals are of what was shown', async (t) => {
  t.same(summarize('# { total: 31, pass: 31 }', true).totals, { passed: 31, failed: 0 });
  t.same(summarize('# { total: 31, pass: 30, fail: 1 }', false).totals, { passed: 30, failed: 1 });
  t.same(summarize('# { total: 3, fail: 3 }', false).totals, { passed: 0, failed: 3 });
  t.same(summarize('# { total: 4, pass: 2, skip: 1, todo: 1 }', true).totals, { passed: 2, failed: 2 });
  t.same(summarize('# { total: 4, pass: 4 }', false).totals, { passed: 4, failed: 1 }, 'a run that ended badly');
  t.same(summarize('', false).totals, { passed: 0, failed: 1 }, 'a run that did not begin');
});
