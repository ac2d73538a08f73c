import t from 'tap';
import { checkQuestions, questionBounds } from './questions.ts';
import { questions } from './samples.ts';

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
  t.match(checkQuestions({ type: 'object', required: [5] })[0]?.detail, /is not a JSON Schema/);
  t.match(checkQuestions({ type: 'object', required: 'a' })[0]?.detail, /is not a JSON Schema/);
  t.match(checkQuestions({ type: 'object', properties: { a: { type: 'money' } } })[0]?.detail, /is not a JSON Schema/);
});

t.test('a schema is bounded in what it compares with what', async (t) => {
  const of = (schema: object) => checkQuestions({ type: 'object', properties: { a: schema } });
  const { choices, fields } = questionBounds;
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  t.same(of({ enum: numbers(choices) }), []);
  t.match(of({ enum: numbers(choices + 1) }), [{ pointer: '/body/questions/properties/a/enum' }]);
  t.match(of({ enum: [{ city: 'Ulm' }] }), [{ pointer: '/body/questions/properties/a/enum' }]);
  t.match(of({ const: ['Ulm'] }), [{ pointer: '/body/questions/properties/a/const' }]);
  for (const items of [{ type: 'string' }, { type: 'integer' }, { enum: ['mon', 'tue'] }])
    t.same(of({ type: 'array', uniqueItems: true, items }), []);
  for (const items of [undefined, {}, { type: 'object' }, { type: 'array' }, { type: ['string', 'object'] }])
    t.match(of({ type: 'array', uniqueItems: true, ...(items && { items }) }), [
      { pointer: '/body/questions/properties/a/uniqueItems' },
    ]);
  const asking = (count: number) => Object.fromEntries(numbers(count).map((i) => [`q${i}`, { type: 'string' }]));
  t.same(checkQuestions({ type: 'object', properties: asking(fields - 1) }), []);
  t.match(checkQuestions({ type: 'object', properties: asking(fields) })[0]?.detail, /at most 100 fields/);
});
