import { faultsOf } from '@agentcal/shared/http/faults';
import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';

/**
 * What an event type asks of whoever books: a JSON Schema of the booking's `answers`, made by a customer and compiled
 * by us. Only the part of the language below is taken. What is left out is what makes validation costly or
 * reaches elsewhere: patterns of the customer's own (one can take forever on a short text), references, combinations.
 */
export type Questions = Readonly<Record<string, unknown>>;

const maxBytes = 16 * 1024;
const maxDepth = 4;
const formats = ['date', 'time', 'date-time', 'email', 'uri', 'uuid'] as const;

/** Keywords whose value is neither a schema nor looked at below. */
const plain = new Set([
  ...['type', 'title', 'description', 'default', 'examples', 'enum', 'const', 'required'],
  ...['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems'],
]);

/** What is wrong with questions, with pointers into the body that brought them. */
export function checkQuestions(questions: Questions): FieldFault[] {
  const root = '/body/questions';
  if (JSON.stringify(questions).length > maxBytes)
    return [{ pointer: root, detail: `must be at most ${maxBytes} bytes` }];
  if (questions.type !== 'object') return [{ pointer: `${root}/type`, detail: 'must be object' }];
  const faults = [...schemaFaults(questions, root, 0)].slice(0, 20);
  if (faults.length > 0) return faults;
  try {
    validatorOf(questions);
    return [];
  } catch (error) {
    // Ajv says which keyword is not as JSON Schema has it; nothing in it is anybody's answer.
    return [{ pointer: root, detail: `is not a JSON Schema: ${(error as Error).message}`.slice(0, 500) }];
  }
}

/** What is wrong with a booking's answers. An event type that asks nothing takes none. */
export function checkAnswers(questions: Questions | undefined, answers: Questions | undefined): FieldFault[] {
  if (!questions) {
    return Object.keys(answers ?? {}).length === 0
      ? []
      : [{ pointer: '/body/answers', detail: 'the event type asks no questions' }];
  }
  const validate = validatorOf(questions);
  return validate(answers ?? {}) ? [] : faultsOf((validate.errors ?? []) as never, 'body/answers');
}

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

/** By the schema object, which an event type keeps as long as its settings stay. */
const validators = new WeakMap<Questions, ValidateFunction>();

function validatorOf(questions: Questions): ValidateFunction {
  let validate = validators.get(questions);
  if (!validate) {
    // One of its own: an Ajv that is shared would remember every schema that it ever saw.
    const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, verbose: true });
    ajvFormats.default(ajv, [...formats]);
    validate = ajv.compile({ additionalProperties: false, ...questions });
    validators.set(questions, validate);
  }
  return validate;
}
