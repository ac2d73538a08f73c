import t from 'tap';
import { type TSchema, Type } from 'typebox';
import { BookingWindow } from '../scheduling/model.ts';
import { faultsOf, summary } from './faults.ts';
import { createValidatorCompiler } from './validation.ts';

/** What is told of a body of that schema, by pointer. */
function told(schema: TSchema, body: unknown): Record<string, string> {
  const validate = createValidatorCompiler()({ schema, method: 'POST', url: '/', httpPart: 'body' }) as unknown as {
    (body: unknown): boolean;
    errors: Parameters<typeof faultsOf>[0];
  };
  validate(body);
  return Object.fromEntries(faultsOf(validate.errors ?? [], 'body').map(({ pointer, detail }) => [pointer, detail]));
}

t.test('of a union only the branch that was meant is told', async (t) => {
  const schema = Type.Object({ window: BookingWindow });
  const tell = (window: unknown) => told(schema, { window });
  t.same(tell({ type: 'range', start_date: '2026-01-01', end_date: '2026-02-01' }), {});
  t.same(tell({ type: 'open_days' }), { '/body/window/days': 'is required' });
  t.same(tell({ type: 'range', start_date: 'x', days: 1 }), {
    '/body/window/start_date': 'must be a date, such as 2026-11-24',
    '/body/window/end_date': 'is required',
    '/body/window/days': 'is not a known field; known are type, start_date, end_date',
  });
  t.same(tell({ type: 'weeks', days: 3 }), {
    '/body/window/type': 'must be one of "calendar_days", "business_days", "open_days", "range"',
  });
  t.same(tell('soon'), { '/body/window': 'must be of type object, as documented' });
});

t.test('a value that may be null or something else', async (t) => {
  const schema = Type.Object({ when: Type.Union([Type.String({ format: 'date' }), Type.Null()]) });
  t.same(told(schema, { when: null }), {});
  t.same(told(schema, { when: 5 }), { '/body/when': 'must be one of string, null' });
  t.same(told(schema, { when: 'x' }), { '/body/when': 'must be a date, such as 2026-11-24' });
});

t.test('unions inside unions', async (t) => {
  const inner = Type.Union([Type.Object({ kind: Type.Literal('a'), n: Type.Integer() }), Type.Null()]);
  const schema = Type.Union([Type.Object({ inner }), Type.Array(inner)]);
  t.same(told(schema, [{ kind: 'a', n: 'x' }]), { '/body/0/n': 'must be integer' });
  t.same(told(schema, { inner: { kind: 'b', n: 1 } }), { '/body/inner/kind': 'must be "a"' });
  t.same(told(schema, 5), { '/body': 'must be one of object, array' });
});

t.test('the summary counts what it leaves out', async (t) => {
  const fault = { pointer: '/body/a', detail: 'is required' };
  t.equal(summary([fault]), '/body/a is required');
  t.equal(summary([fault, fault]), '/body/a is required (and 1 more fault)');
  t.equal(summary([fault, fault, fault]), '/body/a is required (and 2 more faults)');
});
