import t from 'tap';
import { answerBounds, checkAnswers } from './answers.ts';
import { questions } from './samples.ts';

t.test('answers are held to them, fault by fault', async (t) => {
  t.same(checkAnswers(questions, { topic: 'Roof', days: ['mon'], address: { city: 'Ulm' } }), []);
  const pointers = (answers: Record<string, unknown> | undefined) =>
    checkAnswers(questions, answers)
      .map(({ pointer }) => pointer)
      .sort();
  t.same(pointers(undefined), ['/body/answers/topic']);
  t.same(pointers({ topic: '', budget: -1, contact: 'x', days: ['wed'], more: 1 }), [
    '/body/answers/budget',
    '/body/answers/contact',
    '/body/answers/days/0',
    '/body/answers/more',
    '/body/answers/topic',
  ]);
  t.notMatch(JSON.stringify(checkAnswers(questions, { topic: 'Roof', budget: 'a secret' })), /a secret/);
});

t.test('an event type that asks nothing takes no answers', async (t) => {
  t.same(checkAnswers(undefined, undefined), []);
  t.same(checkAnswers(undefined, {}), []);
  t.match(checkAnswers(undefined, { topic: 'x' }), [{ pointer: '/body/answers' }]);
});

t.test('answers are bounded whatever the questions allow', async (t) => {
  const anything = { type: 'object', additionalProperties: true };
  const { items, values, characters, levels, bytes } = answerBounds;
  const of = (a: unknown) => checkAnswers(anything, { a });
  t.same(of(Array(items).fill(0)), []);
  t.match(of(Array(items + 1).fill(0)), [{ pointer: '/body/answers/a', detail: /at most 100 items/ }]);
  t.match(of([{ b: Array(items + 1).fill(0) }]), [{ pointer: '/body/answers/a/0/b' }]);
  t.match(of(Array(values / items).fill(Array(items).fill(0))), [{ pointer: '/body/answers', detail: /1000 values/ }]);
  t.same(of('x'.repeat(characters)), []);
  t.match(of('x'.repeat(characters + 1)), [{ pointer: '/body/answers/a', detail: /5000 characters/ }]);
  t.match(of(Array(4).fill('x'.repeat(characters))), [
    { pointer: '/body/answers', detail: `must be at most ${bytes} bytes` },
  ]);
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { b: nested(depth - 1) });
  t.same(of(nested(levels)), []);
  t.match(of(nested(levels + 1)), [{ detail: /deeper than 8 levels/ }]);
  t.match(of(nested(5_000)), [{ detail: /deeper than 8 levels/ }], 'where writing it out would run out of stack');
});

t.test('the costliest answers are judged without a long comparison', async (t) => {
  // A schema of before the bounds on schemas: whole objects are compared, and each value with very many choices.
  const choices = Array.from({ length: 3_000 }, (_, i) => i);
  const questions = {
    type: 'object',
    properties: {
      a: { type: 'array', uniqueItems: true },
      b: { type: 'array', items: { type: 'array', items: { enum: choices } } },
    },
  };
  let compared = 0;
  const counted = (i: number) =>
    Object.defineProperty({}, 'i', {
      enumerable: true,
      get: () => {
        compared += 1;
        return i;
      },
    });
  const rows = Array(7).fill(Array(answerBounds.items).fill(-1));
  const faults = checkAnswers(questions, {
    a: Array.from({ length: answerBounds.items }, (_, i) => counted(i)),
    b: rows,
  });
  t.equal(faults.length, 20, 'told in part');
  t.ok(compared < answerBounds.items ** 2 + 1_000, `${compared} comparisons`);
  const many = checkAnswers(questions, { a: Array.from({ length: 20_000 }, (_, i) => counted(i)) });
  t.match(many, [{ pointer: '/body/answers/a' }]);
});
