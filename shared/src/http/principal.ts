/** What a key may do. Secret keys have every scope unless they were issued with fewer. */
export const scopes = [
  'accounts:read',
  'accounts:write',
  'users:read',
  'users:write',
  'event_types:read',
  'event_types:write',
  'availability:read',
  'bookings:read',
  'bookings:write',
  'webhooks:read',
  'webhooks:write',
  'organization:read',
  'organization:write',
  'events:read',
  'audit:read',
] as const;

export type Scope = (typeof scopes)[number];

/** What every publishable key may do, on the routes that take one: see what can be booked, and book it. */
export const publishableScopes = [
  'event_types:read',
  'availability:read',
  'bookings:write',
] as const satisfies readonly Scope[];

/** Who sent a request, once their key has been checked. */
export interface Principal {
  readonly organizationId: string;
  readonly keyId: string;
  readonly kind: 'secret' | 'publishable';
  readonly livemode: boolean;
  readonly scopes: ReadonlySet<Scope>;
}

/**
 * Turns a bearer token into a principal, or `undefined` where it is unknown, revoked or expired.
 * command-service asks the organization's stream, query-service its read model, which a request can have wait.
 */
export type Authenticate = (token: string, request: { readonly headers: object }) => Promise<Principal | undefined>;
