import type { FastifySchemaValidationError } from 'fastify';
import { type IdKind, idPattern, prefixes } from '../kernel/ids.ts';
import type { FieldFault } from '../kernel/refusal.ts';
import { type SchemaError, withoutNoise } from './unions.ts';

/** So many faults are told at once; a body with more is answered for the first of them. */
const maxFaults = 20;

/** The first step of a pointer: which part of the request it points into. */
const roots: Readonly<Record<string, string>> = {
  body: '/body',
  querystring: '/query',
  params: '/path',
  headers: '/headers',
};

/** Tells what is wrong with a request, field by field, in words that an agent can act on. Never repeats a value. */
export function faultsOf(errors: readonly FastifySchemaValidationError[], part: string): FieldFault[] {
  const root = roots[part] ?? `/${part}`;
  const faults = new Map<string, FieldFault>();
  for (const error of withoutNoise(errors.slice(0, maxFaults * 20))) {
    if (faults.size === maxFaults) break;
    const fault = { pointer: root + pointerOf(error), detail: detailOf(error) };
    faults.set(`${fault.pointer} ${fault.detail}`, fault);
  }
  return [...faults.values()];
}

/** One sentence for `detail`. */
export function summary(faults: readonly FieldFault[]): string {
  const [first] = faults;
  if (!first) return 'The request is not of the documented shape';
  const more = faults.length - 1;
  const others = more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'fault' : 'faults'})`;
  return `${first.pointer} ${first.detail}${others}`;
}

function pointerOf({ instancePath, keyword, params }: SchemaError): string {
  if (keyword === 'required') return `${instancePath}/${escapeStep(params.missingProperty)}`;
  if (keyword === 'additionalProperties') return `${instancePath}/${escapeStep(params.additionalProperty)}`;
  if (keyword === 'propertyNames') return `${instancePath}/${escapeStep(params.propertyName)}`;
  return instancePath;
}

export function escapeStep(step: unknown): string {
  return String(step).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}

function detailOf(error: SchemaError): string {
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return unknown(error.parentSchema);
    case 'anyOf':
    case 'oneOf':
      return `must be ${oneOf(error.schema)}`;
    case 'enum':
      return `must be one of ${list(error.schema)}`;
    case 'const':
      return `must be ${JSON.stringify(error.schema)}`;
    case 'format':
      return formats[String(error.schema)] ?? `must be a ${String(error.schema)}`;
    case 'pattern':
      return idKinds.get(String(error.schema)) ?? `must match ${String(error.schema)}`;
    default:
      return (error.message ?? 'is not of the documented shape').replace('must NOT', 'must not');
  }
}

function unknown({ properties, patternProperties }: Record<string, unknown> = {}): string {
  if (patternProperties) return `is not a name that is taken here: names match ${Object.keys(patternProperties)}`;
  const names = Object.keys(properties ?? {});
  return `is not a known field; ${names.length === 0 ? 'none are taken here' : `known are ${names.join(', ')}`}`;
}

/** `"a", "b" or null`: the constants and types of a union. */
function oneOf(branches: unknown): string {
  if (!Array.isArray(branches)) return 'one of the documented shapes';
  const words = branches.map((branch) => ('const' in branch ? JSON.stringify(branch.const) : (branch.type ?? 'other')));
  const unique = [...new Set(words.map(String))];
  return unique.length === 1 ? `of type ${unique[0]}, as documented` : `one of ${unique.join(', ')}`;
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : 'the documented values';
}

const formats: Readonly<Record<string, string>> = {
  'date-time':
    'must be an ISO 8601 instant of 1970 to 9998, with seconds and Z or an offset: 2026-11-24T14:00:00+05:30',
  date: 'must be a date, such as 2026-11-24',
  email: 'must be an e-mail address',
  uri: 'must be a URL',
};

const idKinds = new Map(
  (Object.keys(prefixes) as IdKind[]).map((kind) => [
    idPattern(kind),
    `must be the id of ${/^[aeo]/.test(words(kind)) ? 'an' : 'a'} ${words(kind)} (${prefixes[kind]}_…)`,
  ]),
);

function words(kind: IdKind): string {
  return kind === 'eventType' ? 'event type' : kind;
}
