import type { Scope } from '@agentcal/shared/http/principal';
import type { Command } from '@agentcal/shared/kernel/decider';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { PublicEventType } from '@agentcal/shared/resources/webhook';

export type OrganizationCommand =
  | RegisterOrganization
  | IssueSecretKey
  | IssuePublishableKey
  | RollSecretKey
  | RevokeKey
  | RegisterWebhook
  | RemoveWebhook;

/** With its first key, so that there is no organization that nobody can enter. */
export type RegisterOrganization = Command<
  'RegisterOrganization',
  { organizationId: string; name: string; plan: string; key: NewSecretKey }
>;

/** A secret key as it may be known: its hash and its hint, never itself. */
export interface NewSecretKey {
  readonly keyId: string;
  readonly name: string;
  readonly hash: string;
  readonly hint: string;
  readonly livemode: boolean;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: Instant;
}

export type IssueSecretKey = Command<'IssueSecretKey', NewSecretKey>;

export type IssuePublishableKey = Command<
  'IssuePublishableKey',
  { keyId: string; name: string; key: string; livemode: boolean }
>;

/** What is asked of a key or an endpoint that is there. */
export interface Asked {
  /** The mode of the key that asks: a test key cannot see a live one. */
  readonly livemode: boolean;
  /** From `If-Match`: refused unless it last changed at this revision. */
  readonly ifRevision?: number | undefined;
}

/** A new key with the old one's name, mode, scopes and, unless another is given, expiry. The old one ends then. */
export type RollSecretKey = Command<
  'RollSecretKey',
  Asked & {
    readonly keyId: string;
    readonly successor: Pick<NewSecretKey, 'keyId' | 'hash' | 'hint' | 'expiresAt'>;
    /** Of the key that asks: it cannot make one that may do more. */
    readonly scopes: ReadonlySet<Scope>;
    readonly at: Instant;
    readonly oldEndsAt: Instant;
  }
>;

export type RevokeKey = Command<'RevokeKey', Asked & { readonly keyId: string; readonly effectiveAt: Instant }>;

export type RegisterWebhook = Command<
  'RegisterWebhook',
  { webhookId: string; url: string; events: readonly PublicEventType[]; livemode: boolean }
>;

export type RemoveWebhook = Command<'RemoveWebhook', Asked & { readonly webhookId: string }>;
