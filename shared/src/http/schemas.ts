import { type TSchema, Type } from 'typebox';
import { type IdKind, idPattern } from '../kernel/ids.ts';
import { type ProblemCode, problems } from '../kernel/refusal.ts';

/** An id of one kind. A string of another shape is a 404 by the handler, not a 400: use it in bodies and queries. */
export const Id = (kind: IdKind) => Type.String({ pattern: idPattern(kind), maxLength: 64 });

/** An instant with `Z` or an offset. Answers always use `Z`. */
export const InstantText = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'ISO 8601 instant, e.g. 2026-11-24T14:00:00Z',
});

/** Any of the catalogue's codes. */
export const ProblemCodeText = Type.Unsafe<ProblemCode>({
  type: 'string',
  enum: Object.keys(problems),
  description: 'Decide by it. More may join; none is renamed.',
});

/** RFC 9457. `code` is from the one catalogue. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: ProblemCodeText,
    request_id: Type.String(),
    next_action: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
    alternatives: Type.Optional(Type.Array(Type.Any())),
  },
  { title: 'Problem' },
);

/** A page of a list; `next_cursor` is there while `has_more` is true. */
export const Page = <T extends TSchema>(item: T) =>
  Type.Object({ data: Type.Array(item), has_more: Type.Boolean(), next_cursor: Type.Optional(Type.String()) });

/** `limit` and `cursor` of every list. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 25 })),
  cursor: Type.Optional(Type.String({ maxLength: 512 })),
};

/** The customer's own words about a thing: up to 50 keys, values of up to 500 characters. */
export const Metadata = Type.Record(Type.String({ pattern: '^.{1,40}$' }), Type.String({ maxLength: 500 }), {
  maxProperties: 50,
  additionalProperties: false,
});
