import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

const options = {
  // A field nobody knows is a mistake of the caller's: dropping it would hide the mistake.
  removeAdditional: false,
  useDefaults: true,
  // All faults at once save an agent its round trips. Bodies are small, and `faults.ts` bounds the answer.
  allErrors: true,
  // Errors bring the schema that was broken, so that they can be told in its words.
  verbose: true,
  strict: false,
  addUsedSchema: false,
  // Schemas are TypeBox's; compiling the schema of schemas to check them again is a large part of a start.
  meta: false,
  validateSchema: false,
} as const;

/**
 * Compiles the schemas of requests, each when its first request comes: most processes are asked for few of their routes,
 * and compiling all would be a third of a start. Only a query is coerced, since there everything is text; in a body `"5"`
 * is not `5`.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<TSchema> {
  return ({ schema, httpPart, method }) => {
    const ajv = httpPart === 'querystring' ? coercing : exact;
    // A DELETE may come without a body, whatever its schema says. Fastify shows an absent body as null.
    const isOptional = httpPart === 'body' && method === 'DELETE';
    let validate: ValidateFunction | undefined;
    const check = (data: unknown) => {
      if (httpPart === 'querystring') {
        check.errors = oddNumbers(schema, data as Query);
        if (check.errors.length > 0) return false;
      }
      validate ??= ajv.compile(schema);
      const valid = (isOptional && data === null) || (validate(data) as boolean);
      check.errors = valid ? null : validate.errors;
      return valid;
    };
    check.errors = null as ValidateFunction['errors'];
    return check;
  };
}

/** Of the process: Ajv knows a schema again, so a second server of a process finds its validators made. */
const exact = withFormats(new Ajv({ ...options, coerceTypes: false }));
const coercing = withFormats(new Ajv({ ...options, coerceTypes: 'array' }));

type Query = Readonly<Record<string, unknown>>;

/** Numbers of a query that are spelt as nobody spells them: Ajv would take `0x10`, `1e1` and ` 5` too. */
function oddNumbers({ properties = {} }: { properties?: Record<string, { type?: string }> }, query: Query) {
  const odd = Object.entries(query).filter(([name, value]) => {
    const type = Object.hasOwn(properties, name) && properties[name]?.type;
    return (type === 'integer' || type === 'number') && typeof value === 'string' && !/^-?\d+(\.\d+)?$/.test(value);
  });
  return odd.map(([name]): ErrorObject => {
    const type = properties[name]!.type;
    const message = `must be ${type}`;
    return { keyword: 'type', instancePath: `/${name}`, schemaPath: `#/properties/${name}`, params: { type }, message };
  });
}

function withFormats(ajv: Ajv): Ajv {
  ajvFormats.default(ajv);
  const dateTime = ajvFormats.default.get('date-time') as { validate(text: string): boolean };
  ajv.addFormat('date-time', (text: string) => dateTime.validate(text) && isUsable(text));
  return ajv;
}

const firstInstant = Date.parse('1970-01-01T00:00:00Z');
const lastInstant = Date.parse('9999-01-01T00:00:00Z');

/** As RFC 3339 has it. Ajv would take `+0530`, `+05`, and any space for the T as well. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** RFC 3339 knows leap seconds and the year 0000, with which nothing here can compute. */
function isUsable(text: string): boolean {
  if (!rfc3339.test(text)) return false;
  const instant = Date.parse(text);
  return instant >= firstInstant && instant < lastInstant;
}
