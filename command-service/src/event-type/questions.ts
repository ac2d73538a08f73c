import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';

/**
 * What an event type asks of whoever books: a JSON Schema of the booking's `answers`, made by a customer and compiled
 * by us. Only the part of the language below is taken. What is left out is what makes validation costly or
 * reaches elsewhere: patterns of the customer's own (one can take forever on a short text), references, combinations,
 * comparisons of whole objects. What answers may come to besides is in `answers.ts`.
 */
export type Questions = Readonly<Record<string, unknown>>;

/** Bytes are those of their JSON; fields are the schemas in it, itself among them; choices are those of one `enum`. */
export const questionBounds = { bytes: 16 * 1024, fields: 100, levels: 4, choices: 100 } as const;
const { bytes: maxBytes, fields: maxFields, levels: maxDepth, choices: maxChoices } = questionBounds;
const formats = ['date', 'time', 'date-time', 'email', 'uri', 'uuid'] as const;

/** Keywords whose value is neither a schema nor looked at below. */
const plain = new Set([
  ...['type', 'title', 'description', 'default', 'examples', 'required', 'minItems', 'maxItems'],
  ...['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
]);

const scalars = new Set<unknown>(['string', 'number', 'integer', 'boolean']);

/** What is wrong with questions, with pointers into the body that brought them. */
export function checkQuestions(questions: Questions): FieldFault[] {
  const root = '/body/questions';
  if (Buffer.byteLength(JSON.stringify(questions)) > maxBytes)
    return [{ pointer: root, detail: `must be at most ${maxBytes} bytes` }];
  if (questions.type !== 'object') return [{ pointer: `${root}/type`, detail: 'must be object' }];
  const faults = [...schemaFaults(questions, root, 0)];
  if (faults.length > 0) return faults.slice(0, 20);
  const fields = countFields(questions);
  if (fields > maxFields) return [{ pointer: root, detail: `must have at most ${maxFields} fields, not ${fields}` }];
  try {
    grammar ??= new Ajv();
    if (!grammar.validateSchema(questions)) throw new Error(grammar.errorsText());
    validatorOf(questions);
    return [];
  } catch (error) {
    // Ajv says which keyword is not as JSON Schema has it; nothing in it is anybody's answer.
    return [{ pointer: root, detail: `is not a JSON Schema: ${(error as Error).message}`.slice(0, 500) }];
  }
}

/** Knows the schema of schemas, whose compilation costs more than that of most questions. Keeps no schema that it is shown. */
let grammar: Ajv | undefined;

function* schemaFaults(schema: unknown, pointer: string, depth: number): Generator<FieldFault> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    yield { pointer, detail: 'must be a schema object' };
    return;
  }
  if (depth > maxDepth) {
    yield { pointer, detail: `is nested deeper than ${maxDepth} levels` };
    return;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const at = `${pointer}/${keyword}`;
    if (keyword === 'properties') yield* propertyFaults(value, at, depth);
    else if (keyword === 'items') yield* schemaFaults(value, at, depth + 1);
    else if (keyword === 'format') {
      if (!formats.includes(value as never)) yield { pointer: at, detail: `must be one of ${formats.join(', ')}` };
    } else if (keyword === 'additionalProperties') {
      if (typeof value !== 'boolean') yield { pointer: at, detail: 'must be true or false' };
    } else if (keyword === 'enum' || keyword === 'const') {
      const choices = keyword === 'const' ? [value] : value;
      if (!Array.isArray(choices) || choices.length > maxChoices || !choices.every(isScalar))
        yield { pointer: at, detail: `must be texts, numbers, true, false or null, at most ${maxChoices}` };
    } else if (keyword === 'uniqueItems') {
      if (value !== false && !haveScalars(schema))
        yield { pointer: at, detail: `needs items with an enum or with one of the types ${[...scalars].join(', ')}` };
    } else if (!plain.has(keyword))
      yield { pointer: at.slice(0, 200), detail: 'is not a keyword that questions can use' };
  }
}

function* propertyFaults(properties: unknown, pointer: string, depth: number): Generator<FieldFault> {
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    yield { pointer, detail: 'must be an object' };
    return;
  }
  for (const [name, schema] of Object.entries(properties)) yield* schemaFaults(schema, `${pointer}/${name}`, depth + 1);
}

/** Whether items are such as are compared at once: one of a few choices, or of a type that holds nothing else. */
function haveScalars({ items }: { items?: { type?: unknown; enum?: unknown } }): boolean {
  return items?.enum !== undefined || scalars.has(items?.type);
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function countFields({ properties = {}, items }: Questions): number {
  const inner = [...Object.values(properties as object), ...(items ? [items] : [])];
  return inner.reduce((sum, schema) => sum + countFields(schema), 1);
}

const options = {
  ...{ strict: true, strictTypes: false, strictRequired: false, meta: false, validateSchema: false },
  // All faults at once save an agent its round trips; `answers.ts` bounds how many there can be.
  ...{ allErrors: true, verbose: true },
  // Shorter code is not worth its price: compiling costs far more than it runs.
  code: { optimize: false },
} as const;

/** By the schema object, which an event type keeps as long as its settings stay. */
const validators = new WeakMap<Questions, ValidateFunction>();

export function validatorOf(questions: Questions): ValidateFunction {
  let validate = validators.get(questions);
  if (!validate) {
    // One of its own: an Ajv that is shared would remember every schema that it ever saw.
    const ajv = new Ajv(options);
    ajvFormats.default(ajv, [...formats]);
    validate = ajv.compile({ additionalProperties: false, ...questions });
    validators.set(questions, validate);
  }
  return validate;
}
