import { createValidatorCompiler } from '@agentcal/shared/http/validation';
import type { TSchema } from 'typebox';
import type { Schema } from './document.ts';

const compile = createValidatorCompiler();
const compiled = new Map<Schema, (value: unknown) => unknown>();

/** Whether a value fits a schema, by the validator that the server itself uses. */
export function validates(schema: Schema, value: unknown, part: 'body' | 'querystring'): boolean {
  const wrapped = compiled.get(schema) ?? compileOne(schema, part);
  compiled.set(schema, wrapped);
  return wrapped({ value: structuredClone(value) }) === true;
}

/** Wrapped in an object, so that a value may be coerced as it is in a query. */
function compileOne(schema: Schema, part: 'body' | 'querystring') {
  const wrapper = { type: 'object', properties: { value: schema } } as unknown as TSchema;
  return compile({ schema: wrapper, httpPart: part, method: 'POST', url: '/' }) as (value: unknown) => unknown;
}
