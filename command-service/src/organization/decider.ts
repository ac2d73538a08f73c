import { hashKey, hintOf } from '@agentcal/shared/http/keys';
import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { OrganizationCommand } from './commands.ts';
import type { OrganizationEvent } from './events.ts';
import { decideOnKey, type KeyState, secretKeyIssued } from './keys.ts';

export type Organization = { readonly status: 'absent' } | RegisteredOrganization;

export interface RegisteredOrganization {
  readonly status: 'registered';
  readonly id: string;
  readonly name: string;
  readonly plan: string;
  readonly origins: readonly string[];
  /** By id; revoked ones stay. */
  readonly keys: Readonly<Record<string, KeyState>>;
  /** By id; removed ones stay, so that removing again is a quiet repeat. */
  readonly webhooks: Readonly<Record<string, WebhookState>>;
}

export interface WebhookState {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly livemode: boolean;
  readonly removed: boolean;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** Of the last event about it: its ETag. */
  readonly revision: number;
}

export const category = 'organization';

export const initial: Organization = { status: 'absent' };

export function weigh(organization: Organization): number {
  if (organization.status === 'absent') return 1;
  return 1 + Object.keys(organization.keys).length + Object.keys(organization.webhooks).length;
}

export function decide(command: OrganizationCommand, organization: Organization): readonly OrganizationEvent[] {
  if (command.type === 'RegisterOrganization') {
    if (organization.status === 'registered') return [];
    const { organizationId: organization_id, name, plan, key } = command.data;
    return [
      { type: 'organization.registered.v1', data: { organization_id, name, plan } },
      secretKeyIssued(organization_id, key),
    ];
  }
  if (organization.status === 'absent') throw new Refusal('not_found');
  switch (command.type) {
    case 'RegisterWebhook': {
      const { webhookId, url, events, livemode } = command.data;
      if (organization.webhooks[webhookId]) return [];
      const data = { organization_id: organization.id, webhook_id: webhookId, url, events: [...events], livemode };
      return [{ type: 'organization.webhook-registered.v1', data }];
    }
    case 'RemoveWebhook': {
      const webhook = organization.webhooks[command.data.webhookId];
      const { livemode, ifRevision } = command.data;
      if (webhook?.livemode !== livemode) throw new Refusal('not_found');
      if (ifRevision !== undefined && ifRevision !== webhook.revision) throw new Refusal('revision_conflict');
      if (webhook.removed) return [];
      const data = { organization_id: organization.id, webhook_id: webhook.id };
      return [{ type: 'organization.webhook-removed.v1', data }];
    }
    default:
      return decideOnKey(command, organization.id, organization.keys);
  }
}

export function evolve(
  organization: Organization,
  { type, data, metadata, revision }: FoldedEvent<OrganizationEvent>,
): Organization {
  if (type === 'organization.registered.v1') {
    const { organization_id: id, name, plan } = data;
    return { status: 'registered', id, name, plan, origins: [], keys: {}, webhooks: {} };
  }
  if (organization.status === 'absent') return organization;
  const { occurred_at: createdAt } = metadata;
  switch (type) {
    case 'organization.secret-key-issued.v1': {
      const { key_id: id, name, hash, hint, livemode, scopes, expires_at: expiresAt } = data;
      const key: KeyState = { kind: 'secret', id, name, hash, hint, livemode, scopes, createdAt, revision };
      return withKey(organization, expiresAt === undefined ? key : { ...key, expiresAt });
    }
    case 'organization.publishable-key-issued.v1': {
      const { key_id: id, name, key, livemode } = data;
      const hash = hashKey(key);
      return withKey(organization, {
        kind: 'publishable',
        id,
        name,
        key,
        hash,
        hint: hintOf(key),
        livemode,
        createdAt,
        revision,
      });
    }
    case 'organization.secret-key-revoked.v1':
    case 'organization.publishable-key-revoked.v1': {
      const key = organization.keys[data.key_id];
      return key ? withKey(organization, { ...key, revokedAt: data.effective_at, revision }) : organization;
    }
    case 'organization.webhook-registered.v1': {
      const { webhook_id: id, url, events, livemode } = data;
      return withWebhook(organization, { id, url, events, livemode, removed: false, createdAt, revision });
    }
    case 'organization.webhook-removed.v1': {
      const webhook = organization.webhooks[data.webhook_id];
      return webhook ? withWebhook(organization, { ...webhook, removed: true, revision }) : organization;
    }
    case 'organization.origins-allowed.v1':
      return { ...organization, origins: data.origins };
    case 'organization.plan-changed.v1':
      return { ...organization, plan: data.plan };
  }
}

function withKey(organization: RegisteredOrganization, key: KeyState): RegisteredOrganization {
  return { ...organization, keys: { ...organization.keys, [key.id]: key } };
}

function withWebhook(organization: RegisteredOrganization, webhook: WebhookState): RegisteredOrganization {
  return { ...organization, webhooks: { ...organization.webhooks, [webhook.id]: webhook } };
}
