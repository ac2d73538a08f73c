import t from 'tap';
import { askTogether } from './together.ts';

/** Notes what is asked together; each asking waits to be let through. */
function gate() {
  const asked: (readonly number[])[] = [];
  const open: (() => void)[] = [];
  const ask = askTogether(async (questions: readonly number[]) => {
    asked.push(questions);
    await new Promise<void>((resolve) => open.push(resolve));
    if (questions.includes(13)) throw new Error('thirteen');
    return questions.map((question) => question * 2);
  });
  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { asked, ask, turn, letThrough: () => open.splice(0).forEach((resolve) => void resolve()) };
}

t.test('who comes at the same time is asked for together, and gets an answer of their own', async (t) => {
  const { ask, asked, turn, letThrough } = gate();
  const answers = Promise.all([1, 2, 3].map(ask));
  await turn();
  letThrough();
  t.same(await answers, [2, 4, 6]);
  t.same(asked, [[1, 2, 3]]);
});

t.test('two are under way at most; who comes meanwhile goes with the next', async (t) => {
  const { ask, asked, turn, letThrough } = gate();
  const answers: Promise<number>[] = [];
  for (const question of [1, 2, 3, 4]) {
    answers.push(ask(question));
    await turn();
  }
  t.same(asked, [[1], [2]]);
  letThrough();
  await turn();
  t.same(asked, [[1], [2], [3, 4]]);
  letThrough();
  t.same(await Promise.all(answers), [2, 4, 6, 8]);
});

t.test('no more go together than fit', async (t) => {
  const { ask, asked, turn, letThrough } = gate();
  const answers = Promise.all(Array.from({ length: 100 }, (_, n) => ask(n + 100)));
  await turn();
  t.same(
    asked.map(({ length }) => length),
    [64, 36],
  );
  letThrough();
  t.equal((await answers)[99], 398);
});

t.test('one that cannot be answered fails alone', async (t) => {
  const { ask, turn, letThrough } = gate();
  const answers = Promise.allSettled([12, 13, 14].map(ask));
  await turn();
  letThrough();
  await turn();
  letThrough();
  t.same(
    (await answers).map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message)),
    [24, 'thirteen', 28],
  );
});
