import { Problem } from './schemas.ts';

type Json = Record<string, unknown>;
type Operation = Json & {
  parameters?: Json[];
  responses?: Record<string, Json>;
  requestBody?: Json;
  'x-if-match'?: boolean;
};

/**
 * Adds to every operation what is true of every operation, so that no route can forget it: problems, our
 * headers. Then gives each shape that has a title one place in `components`.
 */
export function completeDocument(document: object): never {
  const { openapiObject } = document as { openapiObject: Json };
  const paths = openapiObject.paths as Record<string, Record<string, Operation>>;
  for (const methods of Object.values(paths)) {
    for (const [method, operation] of Object.entries(methods)) complete(method, operation);
  }
  const schemas: Json = {};
  openapiObject.paths = hoist(paths, schemas);
  const components = openapiObject.components as Json;
  components.schemas = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  components.headers = headers;
  components.parameters = parameters;
  return openapiObject as never;
}

const text = { type: 'string' };

const headers: Record<string, Json> = {
  RequestId: { description: 'Names this request in our logs', schema: text },
  AgentCalPosition: { description: 'Send it as AgentCal-Min-Position to read this write', schema: text },
  RetryAfter: { description: 'Seconds to wait before sending it again', schema: { type: 'integer' } },
};

const parameters: Record<string, Json> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key and body again answer the same result; another body is refused',
    schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag of what is to be changed; refused with 412 where it has changed since',
    schema: text,
  },
  MinPosition: {
    name: 'AgentCal-Min-Position',
    in: 'header',
    description: 'Waits until what is read has reached this position',
    schema: { type: 'string', pattern: '^[0-9]{1,19}$' },
  },
};

function headersOf(method: string, reads: boolean, ifMatch = method !== 'post'): string[] {
  if (reads) return ['MinPosition'];
  return ifMatch ? ['IdempotencyKey', 'IfMatch'] : ['IdempotencyKey'];
}

function complete(method: string, operation: Operation): void {
  // Also by POST, where what is asked for is too long or too personal for a URL.
  const reads = method === 'get' || String(operation['x-scope']).endsWith(':read');
  const declared = (operation.parameters ?? []).map(({ name }) => String(name).toLowerCase());
  const added = headersOf(method, reads, operation['x-if-match']).filter(
    (key) => !declared.includes(String(parameters[key]?.name).toLowerCase()),
  );
  // Said by the parameter from here on.
  delete operation['x-if-match'];
  operation.parameters = [
    ...(operation.parameters ?? []),
    ...added.map((key) => ({ $ref: `#/components/parameters/${key}` })),
  ];
  if (method === 'delete' && operation.requestBody) operation.requestBody.required = false;
  const responses = {
    ...operation.responses,
    '4XX': problem('The request is refused: the problem says why'),
    '5XX': problem('Not able to answer: send it again', { 'Retry-After': refTo('RetryAfter') }),
  };
  for (const [status, response] of Object.entries(responses)) {
    const written = !reads && status.startsWith('2');
    response.headers = {
      ...(response.headers as Json),
      'Request-Id': refTo('RequestId'),
      ...(written && { 'AgentCal-Position': refTo('AgentCalPosition') }),
    };
  }
  operation.responses = responses;
}

function problem(description: string, extra: Json = {}): Json {
  return { description, headers: extra, content: { 'application/problem+json': { schema: Problem } } };
}

function refTo(header: string): Json {
  return { $ref: `#/components/headers/${header}` };
}

/** Moves each schema with a title to `schemas` and leaves a reference. One title, one shape. */
function hoist(value: unknown, schemas: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => hoist(item, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hoist(item, schemas)]));
  const { title } = copy;
  if (typeof title !== 'string' || !('type' in copy || 'anyOf' in copy)) return copy;
  const earlier = schemas[title];
  if (earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(copy)) {
    throw new Error(`two shapes in the API have the title ${title}`);
  }
  schemas[title] = copy;
  return { $ref: `#/components/schemas/${title}` };
}
