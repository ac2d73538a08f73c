import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';
import { escapeStep } from './faults.ts';

type Schema = Record<string, unknown>;

/**
 * Makes unknown fields a 400 everywhere: closes the objects in every schema of a body or a query that do
 * not say themselves what else they take, and gives routes without such a schema an empty one.
 */
export function closeSchemas(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.schema?.hide) return;
    const schema = { ...route.schema };
    schema.querystring = closeOnce(schema.querystring ?? noQuery);
    if (schema.body) schema.body = closeOnce(schema.body);
    else if (route.method !== 'GET' && route.method !== 'HEAD') {
      route.preValidation = [refuseBody, ...[route.preValidation ?? []].flat()];
    }
    route.schema = schema;
  });
}

const noQuery = { type: 'object', properties: {} };

const closedBefore = new WeakMap<object, unknown>();

/** The same schema is closed to the same copy, by which its validator is known again. */
function closeOnce(schema: object): unknown {
  if (!closedBefore.has(schema)) closedBefore.set(schema, close(schema));
  return closedBefore.get(schema);
}

async function refuseBody({ body }: FastifyRequest): Promise<void> {
  if (body === undefined || body === null) return;
  const fields = typeof body === 'object' && !Array.isArray(body) ? Object.keys(body).slice(0, 20) : [''];
  if (fields.length === 0) return;
  const errors = fields.map((field) => ({
    pointer: field === '' ? '/body' : `/body/${escapeStep(field)}`,
    detail: 'is not a known field; this route takes no body',
  }));
  throw new Refusal('invalid_request', 'This route takes no body', { errors });
}

/** A copy of a schema in which objects take only properties of the names or patterns that they have, unless they say so. */
export function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('allOf' in schema) throw new Error('parts that are joined by allOf cannot be closed: write them as one object');
  const closed = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, literal.has(key) ? value : close(value)]),
  ) as Schema;
  const isNamed = closed.properties !== undefined || closed.patternProperties !== undefined;
  if (closed.type === 'object' && isNamed) closed.additionalProperties ??= false;
  if (closed.uniqueItems) closed.items = comparable(closed.items as Schema);
  return closed;
}

/**
 * Items of a list that has to hold different ones, with the type by which Ajv looks them up. Without it, it compares each with
 * each, also in a list that is far too long: seconds for the longest body.
 */
function comparable(items: Schema): Schema {
  const { type, enum: choices } = items;
  if (['string', 'integer', 'number', 'boolean'].includes(type as string)) return items;
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === 'string'))
    return { ...items, type: 'string' };
  throw new Error('uniqueItems needs items of a plain type: others would be compared each with each');
}

/** Keywords whose values are data, not schemas. */
const literal = new Set(['default', 'const', 'enum', 'examples', 'required']);
