import t from 'tap';
import { checkAnswers, checkQuestions } from './questions.ts';

const questions = {
  type: 'object',
  required: ['topic'],
  properties: {
    topic: { type: 'string', minLength: 1, maxLength: 200, title: 'What is it about?' },
    budget: { type: 'number', minimum: 0 },
    contact: { type: 'string', format: 'email' },
    days: { type: 'array', items: { enum: ['mon', 'tue'] }, maxItems: 2, uniqueItems: true },
    address: { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false },
  },
};

t.test('questions in the allowed part of JSON Schema are taken', async (t) => {
  t.same(checkQuestions(questions), []);
  t.same(checkQuestions({ type: 'object' }), []);
});

t.test('what is costly or reaches elsewhere is not', async (t) => {
  const fault = (schema: Record<string, unknown>, pointer: string) =>
    t.match(checkQuestions({ type: 'object', ...schema }), [{ pointer }], JSON.stringify(schema).slice(0, 80));
  const property = (schema: unknown) => ({ properties: { a: schema } });
  fault(property({ type: 'string', pattern: '(a+)+$' }), '/body/questions/properties/a/pattern');
  fault({ patternProperties: {} }, '/body/questions/patternProperties');
  fault(property({ $ref: 'https://example.com/schema' }), '/body/questions/properties/a/$ref');
  fault({ $id: 'x' }, '/body/questions/$id');
  fault({ allOf: [] }, '/body/questions/allOf');
  fault(property({ type: 'string', format: 'regex' }), '/body/questions/properties/a/format');
  fault({ additionalProperties: { type: 'string' } }, '/body/questions/additionalProperties');
  fault(property([]), '/body/questions/properties/a');
  fault({ properties: 5 }, '/body/questions/properties');
  fault({ description: 'x'.repeat(20_000) }, '/body/questions');
  let deep: unknown = { type: 'string' };
  for (let level = 0; level < 6; level += 1) deep = { type: 'array', items: deep };
  t.match(checkQuestions({ type: 'object', properties: { a: deep } })[0]?.detail, /nested deeper/);
  t.match(checkQuestions({ type: 'array' }), [{ pointer: '/body/questions/type' }]);
  t.match(checkQuestions({ type: 'object', required: 'a' })[0]?.detail, /is not a JSON Schema/);
  t.match(checkQuestions({ type: 'object', properties: { a: { type: 'money' } } })[0]?.detail, /is not a JSON Schema/);
});

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
