import type { Scope } from '@agentcal/shared/http/principal';
import { toIso } from '@agentcal/shared/kernel/time';
import type { Asked, NewSecretKey, OrganizationCommand, RollSecretKey } from './commands.ts';
import type { OrganizationEvent } from './events.ts';

const organization_id = 'org_000000000000000000000000';

/** The instant at which these stories are judged. */
export const now = Date.parse('2030-05-02T10:00:00Z');

export function key(keyId: string, fields: Partial<NewSecretKey> = {}): NewSecretKey {
  const hash = 'ab'.repeat(32);
  return { keyId, name: 'CI', hash, hint: 'sk_test_…abcd', livemode: false, scopes: ['users:write'], ...fields };
}

export const registered: OrganizationEvent = {
  type: 'organization.registered.v1',
  data: { organization_id, name: 'Acme', plan: 'free' },
};

export function issued({ keyId, expiresAt, scopes, ...key }: NewSecretKey): OrganizationEvent {
  const expiry = expiresAt === undefined ? {} : { expires_at: toIso(expiresAt) };
  const data = { organization_id, key_id: keyId, ...key, scopes: [...scopes], ...expiry };
  return { type: 'organization.secret-key-issued.v1', data };
}

export function revoked(key_id: string, at: number): OrganizationEvent {
  return { type: 'organization.secret-key-revoked.v1', data: { organization_id, key_id, effective_at: toIso(at) } };
}

export function publishableIssued(key_id: string): OrganizationEvent {
  const data = { organization_id, key_id, name: 'Site', key: 'pk_test_abcd', livemode: false };
  return { type: 'organization.publishable-key-issued.v1', data };
}

export function publishableRevoked(key_id: string, at: number): OrganizationEvent {
  return {
    type: 'organization.publishable-key-revoked.v1',
    data: { organization_id, key_id, effective_at: toIso(at) },
  };
}

export function webhookRegistered(webhook_id: string, livemode = false): OrganizationEvent {
  const data = { organization_id, webhook_id, url: 'https://acme.test/hook', events: ['booking.created'], livemode };
  return { type: 'organization.webhook-registered.v1', data };
}

export function webhookRemoved(webhook_id: string): OrganizationEvent {
  return { type: 'organization.webhook-removed.v1', data: { organization_id, webhook_id } };
}

export function register(first: NewSecretKey): OrganizationCommand {
  return {
    type: 'RegisterOrganization',
    data: { organizationId: organization_id, name: 'Acme', plan: 'free', key: first },
  };
}

export function issue(data: NewSecretKey): OrganizationCommand {
  return { type: 'IssueSecretKey', data };
}

export function issuePublishable(keyId: string): OrganizationCommand {
  return { type: 'IssuePublishableKey', data: { keyId, name: 'Site', key: 'pk_test_abcd', livemode: false } };
}

export function revoke(keyId: string, effectiveAt: number, asked: Partial<Asked> = {}): OrganizationCommand {
  return { type: 'RevokeKey', data: { livemode: false, keyId, effectiveAt, ...asked } };
}

export function roll(
  keyId: string,
  successorId: string,
  fields: Partial<RollSecretKey['data']> = {},
): OrganizationCommand {
  const { hash, hint } = key(successorId);
  const successor = { keyId: successorId, hash, hint };
  const scopes: ReadonlySet<Scope> = new Set(['users:write']);
  const data = { successor, keyId, livemode: false, scopes, at: now, oldEndsAt: now };
  return { type: 'RollSecretKey', data: { ...data, ...fields } };
}

export function registerWebhook(webhookId: string): OrganizationCommand {
  return {
    type: 'RegisterWebhook',
    data: { webhookId, url: 'https://acme.test/hook', events: ['booking.created'], livemode: false },
  };
}

export function removeWebhook(webhookId: string, asked: Partial<Asked> = {}): OrganizationCommand {
  return { type: 'RemoveWebhook', data: { livemode: false, webhookId, ...asked } };
}
