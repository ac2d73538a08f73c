import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { Type } from 'typebox';

/**
 * What can have happened to an organization, our customer. Stream `organization-{id}`.
 * Keys are in it as hashes only, webhook secrets not at all.
 */

const Mode = Type.Boolean({ description: 'false for test keys' });

/** Always the first event. */
export const OrganizationRegistered = defineEvent(
  'organization.registered.v1',
  Type.Object({ organization_id: Type.String(), name: Type.String(), plan: Type.String() }),
);

/** A secret key was made. It is shown once and never stored; `hash` is hex SHA-256 of the whole key. */
export const SecretKeyIssued = defineEvent(
  'organization.secret-key-issued.v1',
  Type.Object({
    organization_id: Type.String(),
    key_id: Type.String(),
    name: Type.String(),
    hash: Type.String(),
    /** The first and last characters, to tell keys apart by. Not enough to use one. */
    hint: Type.String(),
    livemode: Mode,
    scopes: Type.Array(Type.String()),
    expires_at: Type.Optional(Type.String()),
  }),
);

/** The key is refused from `effective_at` on: at once, or later where an overlap was asked for. */
export const SecretKeyRevoked = defineEvent(
  'organization.secret-key-revoked.v1',
  Type.Object({ organization_id: Type.String(), key_id: Type.String(), effective_at: Type.String() }),
);

/** A publishable key is meant to be seen, so it is here in full. Its scopes are those that embeds need. */
export const PublishableKeyIssued = defineEvent(
  'organization.publishable-key-issued.v1',
  Type.Object({
    organization_id: Type.String(),
    key_id: Type.String(),
    name: Type.String(),
    key: Type.String(),
    livemode: Mode,
  }),
);

/** As for a secret key: refused from `effective_at` on. */
export const PublishableKeyRevoked = defineEvent(
  'organization.publishable-key-revoked.v1',
  Type.Object({ organization_id: Type.String(), key_id: Type.String(), effective_at: Type.String() }),
);

export const OriginsAllowed = defineEvent(
  'organization.origins-allowed.v1',
  Type.Object({ organization_id: Type.String(), origins: Type.Array(Type.String()) }),
);

export const PlanChanged = defineEvent(
  'organization.plan-changed.v1',
  Type.Object({ organization_id: Type.String(), plan: Type.String() }),
);

/** An endpoint wants public events from here on, not from before. Its secret is in the vault as `webhook:{id}`. */
export const WebhookRegistered = defineEvent(
  'organization.webhook-registered.v1',
  Type.Object({
    organization_id: Type.String(),
    webhook_id: Type.String(),
    url: Type.String(),
    /** Public event names, e.g. `booking.created`. */
    events: Type.Array(Type.String()),
    livemode: Mode,
  }),
);

/** Nothing is sent to it from here on, retries included. */
export const WebhookRemoved = defineEvent(
  'organization.webhook-removed.v1',
  Type.Object({ organization_id: Type.String(), webhook_id: Type.String() }),
);

export const organizationEvents = [
  OrganizationRegistered,
  SecretKeyIssued,
  SecretKeyRevoked,
  PublishableKeyIssued,
  PublishableKeyRevoked,
  OriginsAllowed,
  PlanChanged,
  WebhookRegistered,
  WebhookRemoved,
] as const;

export type OrganizationEvent = EventOf<(typeof organizationEvents)[number]>;
