import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, second } from '@agentcal/shared/kernel/time';

/** Live holds that one process lets a key, and all keys together, have in all calendars of an account. */
export const maxHoldsOfAccount = { perKey: 100, perAccount: 500 } as const;

export interface HoldToCount {
  readonly accountId: string;
  readonly keyId: string;
  /** The command's: its repeat is the same hold. */
  readonly commandId: string;
  readonly expiresAt: Instant;
  readonly at: Instant;
}

/**
 * Counts the live holds that this process has placed, by account. It keeps one client from holding a whole business
 * hostage, calendar by calendar; that no calendar is, each calendar sees to by itself, from its own log.
 *
 * It counts in memory, as rate limits do: n processes let through n times as many, and one that starts anew counts from
 * nothing. It never reads what others have placed, so it costs no look-up and no stream that every hold would wait for.
 */
export interface AccountHolds {
  /**
   * The hold counts from here on, until it is given back or expires.
   *
   * @returns whether it did not before: false of a repeat, whose refusal says nothing about the hold that is there.
   * @throws {Refusal} `too_many_holds`
   */
  take(hold: HoldToCount): boolean;
  /** It was placed, and is known by its id from here on. */
  name(hold: HoldToCount, holdId: string): void;
  /** What was taken was not placed after all. */
  drop(hold: HoldToCount): void;
  /** It was released or booked. One that was placed elsewhere is nothing to this process. */
  give(accountId: string, holdId: string): void;
}

interface Counted {
  readonly keyId: string;
  readonly expiresAt: Instant;
  readonly holdId?: string;
}

export function createAccountHolds(): AccountHolds {
  const accounts = new Map<string, Map<string, Counted>>();

  function liveOf(accountId: string, at: Instant): Map<string, Counted> {
    const live = new Map([...(accounts.get(accountId) ?? [])].filter(([, { expiresAt }]) => expiresAt > at));
    accounts.set(accountId, live);
    return live;
  }

  function forget(accountId: string, commandId: string): void {
    const counted = accounts.get(accountId);
    counted?.delete(commandId);
    if (counted?.size === 0) accounts.delete(accountId);
  }

  return {
    take({ accountId, keyId, commandId, expiresAt, at }) {
      const live = liveOf(accountId, at);
      if (live.has(commandId)) return false;
      const own = [...live.values()].filter((hold) => hold.keyId === keyId);
      const tooMany = own.length >= maxHoldsOfAccount.perKey ? own : [...live.values()];
      if (own.length >= maxHoldsOfAccount.perKey || live.size >= maxHoldsOfAccount.perAccount) {
        const soonest = Math.min(...tooMany.map((hold) => hold.expiresAt));
        const retryAfterSeconds = Math.ceil((soonest - at) / second);
        throw new Refusal('too_many_holds', 'Too many live holds in the account', { retryAfterSeconds });
      }
      live.set(commandId, { keyId, expiresAt });
      return true;
    },
    name({ accountId, commandId }, holdId) {
      const counted = accounts.get(accountId);
      const hold = counted?.get(commandId);
      if (hold) counted!.set(commandId, { ...hold, holdId });
    },
    drop: ({ accountId, commandId }) => forget(accountId, commandId),
    give(accountId, holdId) {
      for (const [commandId, hold] of accounts.get(accountId) ?? []) {
        if (hold.holdId === holdId) return forget(accountId, commandId);
      }
    },
  };
}
