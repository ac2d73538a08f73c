import { projectionOf, type ReadModel } from '@agentcal/projection-service/tables';
import { hashKey, parseKey } from '@agentcal/shared/http/keys';
import { minPosition } from '@agentcal/shared/http/position';
import { type Authenticate, type Principal, publishableScopes, type Scope } from '@agentcal/shared/http/principal';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { Kysely } from 'kysely';
import type { ReadDeps } from './deps.ts';
import { waitFor } from './freshness.ts';

/** How long a key that was good counts as good without being looked at: so late a revocation is seen. */
const trustedMs = 1_000;
const maxTrusted = 10_000;

/**
 * Knows keys by their hash, from the read model. Keys that are not known are never remembered, so that a new one works
 * at once; a caller who brings the position of the write that issued it is waited for.
 */
export function createAuthenticate({ db, clock, progress }: Pick<ReadDeps, 'db' | 'clock' | 'progress'>): Authenticate {
  const trusted = new Map<string, KnownKey & { readonly until: Instant }>();

  const find = async (token: string, now: Instant): Promise<KnownKey | undefined> => {
    const key = await findKey(db, hashKey(token));
    if (!key) return undefined;
    if (trusted.size >= maxTrusted) trusted.delete(trusted.keys().next().value!);
    trusted.set(token, { ...key, until: now + trustedMs });
    return key;
  };

  return async (token, request) => {
    const now = clock.now();
    const remembered = trusted.get(token);
    if (remembered && remembered.until > now) return principalAt(remembered, now);
    trusted.delete(token);
    if (!parseKey(token)) return undefined;
    const wanted = minPosition(request);
    let key = await find(token, now);
    if (!key && wanted !== undefined) {
      await waitFor(progress, [projectionOf.keys], wanted);
      key = await find(token, now);
    }
    return principalAt(key, now);
  };
}

function principalAt(key: KnownKey | undefined, now: Instant): Principal | undefined {
  return key && key.endsAt > now ? key.principal : undefined;
}

interface KnownKey {
  readonly principal: Principal;
  /** Expired or revoked from then on. */
  readonly endsAt: Instant;
}

async function findKey(db: Kysely<ReadModel>, hash: string): Promise<KnownKey | undefined> {
  const row = await db
    .selectFrom('keys')
    .select(['id', 'organization_id', 'livemode', 'kind', 'scopes', 'expires_at', 'revoked_at'])
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (!row) return undefined;
  const ends = [row.expires_at, row.revoked_at].map((at) => at?.getTime() ?? Number.POSITIVE_INFINITY);
  return {
    principal: {
      organizationId: row.organization_id,
      keyId: row.id,
      kind: row.kind,
      livemode: row.livemode,
      scopes: new Set(row.kind === 'secret' ? (row.scopes as Scope[]) : publishableScopes),
    },
    endsAt: Math.min(...ends),
  };
}
