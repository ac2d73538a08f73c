import t from 'tap';
import { eventDefinitions } from './events.ts';

t.test('no event takes a name that the pattern of a record does not have', async (t) => {
  for (const { type, data } of eventDefinitions) {
    for (const { at, schema } of recordsIn(data, type)) t.equal(schema.additionalProperties, false, at);
  }
});

interface Found {
  readonly at: string;
  readonly schema: { readonly additionalProperties?: unknown };
}

function* recordsIn(schema: unknown, at: string): Generator<Found> {
  if (typeof schema !== 'object' || schema === null) return;
  if ('patternProperties' in schema) yield { at, schema: schema as Found['schema'] };
  for (const [step, inner] of Object.entries(schema)) yield* recordsIn(inner, `${at}/${step}`);
}
