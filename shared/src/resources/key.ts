import { type Static, Type } from 'typebox';

/** A key. A secret key's `key` is there once, in the answer that issued it; a publishable one's always. */
export const Key = Type.Object(
  {
    id: Type.String(),
    kind: Type.Union([Type.Literal('secret'), Type.Literal('publishable')]),
    name: Type.String(),
    hint: Type.String(),
    key: Type.Optional(Type.String()),
    livemode: Type.Boolean(),
    scopes: Type.Array(Type.String()),
    expires_at: Type.Union([Type.String(), Type.Null()]),
    revoked_at: Type.Union([Type.String(), Type.Null()]),
    created_at: Type.String(),
  },
  { title: 'Key' },
);
export type Key = Static<typeof Key>;
