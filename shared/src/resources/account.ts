import { type Static, Type } from 'typebox';
import { Metadata } from '../http/schemas.ts';

/** A connected account as the API, webhooks and the event stream show it. */
export const Account = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    metadata: Metadata,
    livemode: Type.Boolean(),
    created_at: Type.String(),
  },
  { title: 'Account' },
);
export type Account = Static<typeof Account>;
