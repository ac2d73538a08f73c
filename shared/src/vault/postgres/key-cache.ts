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

type Entry = OpenedKey & { readonly seenAt: Instant };

/**
 * Opened keys, those used last, each for a short time after it was last seen in the table: so long may a key that another
 * process destroyed still be used here.
 *
 * There are two generations of them. What is used is young; when half the room is taken by the young, the old go and the
 * young are old. One map in order of use would be slow: finding its first entry means walking past all that were removed before it.
 */
export function createKeyCache({ ttlMs, size, clock }: CacheOptions) {
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  const kidBySubject = new Map<string, string>();

  const find = (kid: string) => young.get(kid) ?? old.get(kid);

  function drop(kid: string): void {
    const entry = find(kid);
    if (!entry) return;
    young.delete(kid);
    old.delete(kid);
    forgetClaim(entry);
  }

  function forgetClaim({ kid, subject }: Entry): void {
    if (subject !== undefined && kidBySubject.get(subject) === kid) kidBySubject.delete(subject);
  }

  function keep(entry: Entry): void {
    if (size === 0) return;
    old.delete(entry.kid);
    young.set(entry.kid, entry);
    if (young.size * 2 < size) return;
    for (const unused of old.values()) forgetClaim(unused);
    old = young;
    young = new Map();
  }

  function get(kid: string): OpenedKey | undefined {
    const entry = find(kid);
    if (!entry) return undefined;
    if (clock.now() - entry.seenAt >= ttlMs) {
      drop(kid);
      return undefined;
    }
    if (!young.has(kid)) keep(entry);
    return entry;
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
      keep({ ...opened, seenAt });
    },
    putClaim(opened: OpenedKey & { readonly subject: string }, seenAt: Instant): void {
      this.put(opened, seenAt);
      if (find(opened.kid)) kidBySubject.set(opened.subject, opened.kid);
    },
    dropSubject(subject: string): void {
      for (const { kid, subject: other } of [...young.values(), ...old.values()]) if (other === subject) drop(kid);
    },
    clear(): void {
      young.clear();
      old.clear();
      kidBySubject.clear();
    },
  };
}
