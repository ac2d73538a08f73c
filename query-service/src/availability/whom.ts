import { Refusal } from '@agentcal/shared/kernel/refusal';
import { Type } from 'typebox';

/** Who is asked about: named in the request, or left to the event type. */

/** As many as may be named. An event type may have more hosts. */
export const mostNamed = 50;

const described =
  'Who is asked about: a start is listed where one of them can take it, and where it takes several hosts, is one of them';
const UserId = Type.String({ minLength: 1, maxLength: 64 });

/** In a query: repeated, or with commas. */
export const whomInQuery = {
  user_id: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 65 * mostNamed }), {
      maxItems: mostNamed,
      description: `${described}. Several with commas, or each as a parameter. Default: the hosts of the event type`,
    }),
  ),
};

export const whomInBody = {
  user_id: Type.Optional({ ...UserId, description: 'Default: the hosts of the event type' }),
  user_ids: Type.Optional(Type.Array(UserId, { minItems: 1, maxItems: mostNamed, description: described })),
};

/** In the order in which they were named, each once. @throws {Refusal} `invalid_request` */
export function namedInQuery(texts: readonly string[] | undefined): string[] {
  if (texts === undefined) return [];
  return withinBounds(
    texts.flatMap((text) => text.split(',')),
    '/query/user_id',
  );
}

/** @throws {Refusal} `invalid_request` */
export function namedInBody(body: { readonly user_id?: string; readonly user_ids?: readonly string[] }): string[] {
  if (body.user_id !== undefined && body.user_ids !== undefined)
    throw fault('/body/user_ids', 'is not taken beside user_id');
  return [...new Set(body.user_ids ?? (body.user_id === undefined ? [] : [body.user_id]))];
}

/** Ids that were given with commas or one by one, at least one. @throws {Refusal} `invalid_request` */
export function withinBounds(texts: readonly string[], pointer: string): string[] {
  const ids = [...new Set(texts.filter((id) => id !== ''))];
  if (ids.length > 0 && ids.length <= mostNamed) return ids;
  throw fault(pointer, `must name 1 to ${mostNamed} users`);
}

function fault(pointer: string, detail: string): Refusal {
  return new Refusal('invalid_request', `${pointer} ${detail}`, { errors: [{ pointer, detail }] });
}
