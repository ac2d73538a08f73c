import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, toIso } from '@agentcal/shared/kernel/time';
import type { Asked, IssuePublishableKey, IssueSecretKey, NewSecretKey, RevokeKey, RollSecretKey } from './commands.ts';
import type { OrganizationEvent } from './events.ts';

/** A key as its organization knows it. */
export type KeyState = SecretKeyState | PublishableKeyState;

interface AnyKeyState {
  readonly id: string;
  readonly name: string;
  /** Hex SHA-256 of the whole key. */
  readonly hash: string;
  readonly hint: string;
  readonly livemode: boolean;
  /** ISO 8601 UTC, like the other instants here. */
  readonly createdAt: string;
  readonly revokedAt?: string;
  /** Of the last event about it: its ETag. */
  readonly revision: number;
}

export interface SecretKeyState extends AnyKeyState {
  readonly kind: 'secret';
  readonly scopes: readonly string[];
  readonly expiresAt?: string;
}

export interface PublishableKeyState extends AnyKeyState {
  readonly kind: 'publishable';
  readonly key: string;
}

/** Whether a key opens the door at that instant. */
export function isInForce(key: KeyState, at: Instant): boolean {
  const ends = [key.revokedAt, key.kind === 'secret' ? key.expiresAt : undefined];
  return ends.every((end) => end === undefined || Date.parse(end) > at);
}

type KeyCommand = IssueSecretKey | IssuePublishableKey | RollSecretKey | RevokeKey;

export function decideOnKey(
  { type, data }: KeyCommand,
  organization_id: string,
  keys: Readonly<Record<string, KeyState>>,
): readonly OrganizationEvent[] {
  switch (type) {
    case 'IssueSecretKey':
      return keys[data.keyId] ? [] : [secretKeyIssued(organization_id, data)];
    case 'IssuePublishableKey': {
      if (keys[data.keyId]) return [];
      const { keyId: key_id, name, key, livemode } = data;
      return [
        { type: 'organization.publishable-key-issued.v1', data: { organization_id, key_id, name, key, livemode } },
      ];
    }
    case 'RollSecretKey':
      return keys[data.successor.keyId] ? [] : rolled(data, organization_id, keys[data.keyId]);
    case 'RevokeKey': {
      const key = visible(keys[data.keyId], data);
      return revoked(organization_id, key, data.effectiveAt);
    }
  }
}

/** One append holds both, so that a key is never gone before its successor is there. */
function rolled(
  { successor, scopes, oldEndsAt, ...asked }: RollSecretKey['data'],
  organization_id: string,
  old: KeyState | undefined,
): readonly OrganizationEvent[] {
  const key = visible(old, asked);
  if (key.kind !== 'secret')
    throw new Refusal('invalid_request', 'Only secret keys are rolled; issue a new publishable key');
  if (!isInForce(key, asked.at)) throw new Refusal('gone', 'The key has been revoked or has expired');
  const beyond = key.scopes.find((scope) => !(scopes as ReadonlySet<string>).has(scope));
  if (beyond) throw new Refusal('forbidden', `The key that asks does not have the scope ${beyond}`);
  const expiresAt = successor.expiresAt === undefined ? key.expiresAt : toIso(successor.expiresAt);
  const { keyId: key_id, hash, hint } = successor;
  const { name, livemode } = key;
  const data = { organization_id, key_id, name, hash, hint, livemode, scopes: [...key.scopes] };
  return [
    {
      type: 'organization.secret-key-issued.v1',
      data: expiresAt === undefined ? data : { ...data, expires_at: expiresAt },
    },
    ...revoked(organization_id, key, oldEndsAt),
  ];
}

/** Revoking again changes nothing, unless it ends the key sooner: a leak does not wait for an overlap. */
function revoked(organization_id: string, key: KeyState, effectiveAt: Instant): readonly OrganizationEvent[] {
  if (key.revokedAt !== undefined && Date.parse(key.revokedAt) <= effectiveAt) return [];
  const data = { organization_id, key_id: key.id, effective_at: toIso(effectiveAt) };
  return [{ type: `organization.${key.kind}-key-revoked.v1`, data }];
}

export function secretKeyIssued(organization_id: string, key: NewSecretKey): OrganizationEvent {
  const { keyId: key_id, name, hash, hint, livemode, scopes, expiresAt } = key;
  const data = { organization_id, key_id, name, hash, hint, livemode, scopes: [...scopes] };
  return {
    type: 'organization.secret-key-issued.v1',
    data: expiresAt === undefined ? data : { ...data, expires_at: toIso(expiresAt) },
  };
}

/**
 * A key of the other mode does not exist for the one that asks.
 * @throws {Refusal} `not_found`, or `revision_conflict` where it has changed since the caller read it
 */
function visible(key: KeyState | undefined, { livemode, ifRevision }: Asked): KeyState {
  if (key?.livemode !== livemode) throw new Refusal('not_found');
  if (ifRevision !== undefined && ifRevision !== key.revision) throw new Refusal('revision_conflict');
  return key;
}
