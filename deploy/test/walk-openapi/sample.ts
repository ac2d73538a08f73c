import type { Schema } from './document.ts';

/** Ids and other values that mean something, by the name of the field or parameter that takes them. */
export type Hints = Readonly<Record<string, unknown>>;

/** Something of the documented shape: what is required, and no more. */
export function sample(schema: Schema, hints: Hints, name = ''): unknown {
  if (name in hints) return schema.type === 'array' ? [hints[name]] : hints[name];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sample(schema.anyOf[0]!, hints, name);
  switch (schema.type) {
    case 'object':
      return sampleObject(schema, hints);
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items ?? {}, hints, name));
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return sampleText(schema, name);
  }
}

function sampleObject({ properties = {}, required = [], minProperties = 0 }: Schema, hints: Hints): object {
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  const fields = [...required, ...optional.slice(0, Math.max(0, minProperties - required.length))];
  return Object.fromEntries(fields.map((field) => [field, sample(properties[field] ?? {}, hints, field)]));
}

const candidates = ['sample', 'sample-1', '09:00', '17:00', 'US', 'https://example.com/sample', 'UTC', '+1 555 0100'];

function sampleText({ format, pattern, minLength = 0 }: Schema, name: string): string {
  // An end is after its start.
  const days = name.startsWith('end') ? 8 : 7;
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
  if (format === 'date-time') return day(days).replace(/T.*/, 'T15:00:00Z');
  if (format === 'date') return day(days).slice(0, 10);
  if (format === 'email') return 'sample@example.com';
  if (format === 'uri') return 'https://example.com/sample';
  const fitting = candidates.find((text) => text.length >= minLength && new RegExp(pattern ?? '', 'u').test(text));
  if (fitting === undefined) throw new Error(`no sample fits ${pattern}: add one to sample.ts, or a hint`);
  return fitting;
}
