import type { Clock, Instant } from '../../kernel/time.ts';
import type { DataKey } from '../sealing.ts';

export interface CacheOptions {
  readonly ttlMs: number;
  readonly size: number;
  readonly clock: Clock;
}

export interface OpenedKey extends DataKey {
  /** Hex of the hash of whose it is; absent where the table does not know. */
  readonly subject: string | undefined;
}

/**
 * Opened keys, the most recently used of them, each for a short time after it was last seen in the table:
 * so long may a key that another process destroyed still be used here.
 */
export function createKeyCache({ ttlMs, size, clock }: CacheOptions) {
  const byKid = new Map<string, OpenedKey & { readonly seenAt: Instant }>();
  const kidBySubject = new Map<string, string>();

  function drop(kid: string): void {
    const entry = byKid.get(kid);
    if (!entry) return;
    byKid.delete(kid);
    if (entry.subject !== undefined && kidBySubject.get(entry.subject) === kid) kidBySubject.delete(entry.subject);
  }

  function get(kid: string): OpenedKey | undefined {
    const entry = byKid.get(kid);
    if (!entry) return undefined;
    byKid.delete(kid);
    byKid.set(kid, entry);
    if (clock.now() - entry.seenAt < ttlMs) return entry;
    drop(kid);
    return undefined;
  }

  return {
    get,
    /** The key under which to seal for somebody. */
    claimedBy(subject: string): OpenedKey | undefined {
      const kid = kidBySubject.get(subject);
      return kid === undefined ? undefined : get(kid);
    },
    /** `seenAt`: when the table was asked, not when it answered. */
    put(opened: OpenedKey, seenAt: Instant): void {
      drop(opened.kid);
      byKid.set(opened.kid, { ...opened, seenAt });
      if (byKid.size > size) drop(byKid.keys().next().value!);
    },
    putClaim(opened: OpenedKey & { readonly subject: string }, seenAt: Instant): void {
      this.put(opened, seenAt);
      if (byKid.has(opened.kid)) kidBySubject.set(opened.subject, opened.kid);
    },
    dropSubject(subject: string): void {
      for (const { kid, subject: other } of byKid.values()) if (other === subject) drop(kid);
    },
    clear(): void {
      byKid.clear();
      kidBySubject.clear();
    },
  };
}
