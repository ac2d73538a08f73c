import { projectionOf, type ReadModel } from '@agentcal/projection-service/tables';
import { hashKey, parseKey } from '@agentcal/shared/http/keys';
import { minPosition } from '@agentcal/shared/http/position';
import { type Authenticate, type Principal, publishableScopes, type Scope } from '@agentcal/shared/http/principal';
import type { Position } from '@agentcal/shared/kernel/event';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { Kysely } from 'kysely';
import type { ReadDeps } from './deps.ts';
import { politeWaitMs, waitFor } from './freshness.ts';

/** How long a key that was good counts as good without being looked at: so late a revocation is seen. */
const trustedMs = 1_000;
const maxTrusted = 10_000;

const keys = [projectionOf.keys];

interface AuthenticateDeps extends Pick<ReadDeps, 'db' | 'clock' | 'progress'> {
  /** The last change of an organization that the bus has told of. */
  readonly announced: () => Position;
}

/**
 * Knows keys by their hash, from the read model. Keys that are not known are never remembered, and looked up again once
 * the read model holds what the bus has told of organizations: so a new one works at once. A caller who brings the
 * position of the write that issued it is waited for longer.
 */
export function createAuthenticate({ db, clock, progress, announced }: AuthenticateDeps): Authenticate {
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
    const told = announced();
    const isBehind = progress.known(keys) < told;
    const key = await find(token, now);
    if (key || (wanted === undefined && !isBehind)) return principalAt(key, now);
    if (wanted === undefined) await progress.reached(keys, told, politeWaitMs);
    else await waitFor(progress, keys, wanted);
    return principalAt(await find(token, now), now);
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
