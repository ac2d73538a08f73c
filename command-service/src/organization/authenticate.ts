import { timingSafeEqual } from 'node:crypto';
import { hashKey, parseKey } from '@agentcal/shared/http/keys';
import { type Authenticate, publishableScopes, type Scope } from '@agentcal/shared/http/principal';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Executor } from '../executor/port.ts';
import * as organization from './decider.ts';
import { isInForce, type KeyState } from './keys.ts';

/**
 * Knows keys from their organization's stream, at most about a second behind: so long may a revoked key still pass
 * in another process than the one that revoked it.
 */
export function authenticateFromLog(executor: Executor, clock: Clock): Authenticate {
  return async (token) => {
    const parts = parseKey(token);
    if (!parts) return undefined;
    const { kind, livemode, organizationId } = parts;
    const hash = Buffer.from(hashKey(token), 'hex');
    const find = async (fresh: boolean) => {
      const { state } = await executor.load(organization, organizationId, { fresh });
      if (state.status === 'absent') return undefined;
      return Object.values(state.keys).filter((key) => matches(key, hash))[0];
    };
    // One that another process has just issued may not be in what is cached here.
    const key = (await find(false)) ?? (await find(true));
    if (key?.kind !== kind || key.livemode !== livemode || !isInForce(key, clock.now())) return undefined;
    return { organizationId, keyId: key.id, kind, livemode, scopes: scopesOf(key) };
  };
}

/** In constant time; and all keys are looked at, whichever it is. */
function matches({ hash }: KeyState, asked: Buffer): boolean {
  return timingSafeEqual(Buffer.from(hash, 'hex'), asked);
}

function scopesOf(key: KeyState): ReadonlySet<Scope> {
  return new Set(key.kind === 'secret' ? (key.scopes as readonly Scope[]) : publishableScopes);
}
