import type { Schema } from './document.ts';
import { type Hints, sample } from './sample.ts';

export interface Spoiled {
  /** What was done, and where. */
  readonly name: string;
  readonly value: unknown;
  /** That no schema may let through, because no store and no function behind it can bear it. */
  readonly unbearable: boolean;
}

/** Such as some readers would take, and RFC 3339 does not. */
export const oddInstants = ['2030-05-03T09:00:00+0530', '2030-05-03T09:00:00+05', '2030-05-03 09:00:00Z'];

const long = 'a'.repeat(20_000);
const scalars = ['nonsense', 7.5, true, null, [], { nonsense: 1 }];

/** A good value with one thing wrong with it, for every thing that can be wrong. Some may still fit the schema. */
export function* spoil(schema: Schema, good: unknown, hints: Hints, at = ''): Generator<Spoiled> {
  for (const value of scalars) yield { name: `${at} is ${JSON.stringify(value)}`, value, unbearable: false };
  if (schema.type === 'string') yield* spoilText(at);
  if (schema.format === 'date-time') {
    for (const value of oddInstants) yield { name: `${at} is ${value}`, value, unbearable: true };
  }
  if (schema.type === 'integer' || schema.type === 'number') yield* spoilNumber(schema, at);
  if (schema.type === 'array') yield* spoilArray(schema, hints, at);
  if (schema.type === 'object') yield* spoilObject(schema, good, hints, at);
  for (const [index, branch] of (schema.anyOf ?? []).entries()) {
    if (branch.type === 'object' || branch.type === 'array') {
      yield* spoil(branch, sample(branch, hints), hints, `${at}(${index})`);
    }
  }
}

function* spoilText(at: string): Generator<Spoiled> {
  yield { name: `${at} is empty`, value: '', unbearable: false };
  yield { name: `${at} is endless`, value: long, unbearable: true };
  yield { name: `${at} has a NUL`, value: 'a\0b', unbearable: true };
  yield { name: `${at} has half a character`, value: '\ud800', unbearable: true };
}

function* spoilNumber({ minimum, maximum }: Schema, at: string): Generator<Spoiled> {
  for (const value of [1e300, -1e300]) yield { name: `${at} is ${value}`, value, unbearable: true };
  if (minimum !== undefined) yield { name: `${at} is too little`, value: minimum - 1, unbearable: true };
  if (maximum !== undefined) yield { name: `${at} is too much`, value: maximum + 1, unbearable: true };
}

function* spoilArray({ items = {}, maxItems = 5_000 }: Schema, hints: Hints, at: string): Generator<Spoiled> {
  const item = sample(items, hints);
  yield { name: `${at} is endless`, value: Array(maxItems + 1).fill(item), unbearable: true };
  for (const spoiled of spoil(items, item, hints, `${at}/0`)) yield { ...spoiled, value: [spoiled.value] };
}

function* spoilObject(schema: Schema, good: unknown, hints: Hints, at: string): Generator<Spoiled> {
  const fields = good as Record<string, unknown>;
  const { properties = {}, required = [] } = schema;
  const open = schema.patternProperties !== undefined || schema.additionalProperties !== undefined;
  if (schema.additionalProperties === false) {
    yield { name: `${at} has an unknown field`, value: { ...fields, nonsense: 1 }, unbearable: true };
  } else if (open) {
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`k${n}`, 'v']));
    yield { name: `${at} has endless fields`, value: many, unbearable: true };
    yield { name: `${at} has a NUL in a name`, value: { 'a\0b': 'v' }, unbearable: true };
  }
  for (const name of required) {
    const { [name]: _, ...rest } = fields;
    yield { name: `${at} lacks ${name}`, value: rest, unbearable: true };
  }
  for (const [name, property] of Object.entries(properties)) {
    const value = name in fields ? fields[name] : sample(property, hints, name);
    for (const spoiled of spoil(property, value, hints, `${at}/${name}`)) {
      yield { ...spoiled, value: { ...fields, [name]: spoiled.value } };
    }
  }
}
