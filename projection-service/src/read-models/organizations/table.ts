import { defineTable, instant, json, nullable, oneOf, text } from '../../engine/table.ts';
import { history, tenant } from '../common.ts';

export const organizations = defineTable(
  'organizations',
  { id: text, name: text, plan: text, allowed_origins: json<readonly string[]>(), ...history },
  { key: ['id'] },
);

/** Keys, revoked and expired ones too. `hash` is what a request's key is looked up by. */
export const keys = defineTable(
  'keys',
  {
    id: text,
    ...tenant,
    kind: oneOf<'secret' | 'publishable'>(),
    name: text,
    hint: text,
    hash: text,
    /** A publishable key is meant to be seen; a secret one is nowhere. */
    key: nullable(text),
    scopes: json<readonly string[]>(),
    expires_at: nullable(instant),
    /** Refused from then on, which may be ahead. */
    revoked_at: nullable(instant),
    ...history,
  },
  { key: ['id'], indexes: [['hash'], ['organization_id', 'livemode', 'position']] },
);

export const webhooks = defineTable(
  'webhooks',
  { id: text, ...tenant, url: text, events: json<readonly string[]>(), ...history },
  { key: ['id'], indexes: [['organization_id', 'livemode', 'position']] },
);
