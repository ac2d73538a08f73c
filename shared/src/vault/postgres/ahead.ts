import type { Pool } from 'pg';
import { createBatcher } from '../batcher.ts';
import type { DataKey } from '../sealing.ts';
import { insertClaims, repair, type Wanted } from './claims.ts';

/** A key that can be used, and when everybody knows whose it is. */
export interface Ahead {
  readonly key: DataKey;
  readonly claimed: Promise<void>;
}

interface Given {
  readonly wanted: Wanted;
  readonly key: DataKey;
}

/** One at a time: nobody waits for it alone, so that the next may gather as many as have come meanwhile. */
const batches = { maxBatch: 500, maxInFlight: 1 };

/**
 * Keys that are used while they are being claimed. Where somebody else's claim was first, the person has two keys:
 * theirs, and this one, which is written down beside it so that both are destroyed together.
 */
export function createKeysAhead(pool: Pool) {
  const underWay = new Map<string, Ahead>();
  const claiming = createBatcher<Given, boolean>((given) => claimAll(pool, given), batches);

  return {
    /** The key that is being claimed for somebody. */
    of: (subject: string): Ahead | undefined => underWay.get(subject),
    /** Uses a spare. What becomes known by its claim is told before `claimed` resolves. */
    claim(wanted: Wanted, key: DataKey, tell: (first: boolean) => unknown): Ahead {
      const subject = wanted.subject.toString('hex');
      const claimed = claiming({ wanted, key })
        .then(tell)
        .finally(() => underWay.get(subject) === ahead && underWay.delete(subject));
      const ahead: Ahead = { key, claimed: claimed.then(() => {}) };
      // Whoever waits for it is told; what is refused meanwhile waits for nothing.
      ahead.claimed.catch(() => {});
      underWay.set(subject, ahead);
      return ahead;
    },
    /** Somebody was erased: what is sealed from now on needs another key. */
    forget(subject: string): void {
      underWay.delete(subject);
    },
  };
}

/** Answers for each whether its claim was the first. In the order of the hashes, as every claim is made. */
async function claimAll(pool: Pool, given: readonly Given[]): Promise<boolean[]> {
  const inOrder = given.toSorted((a, b) => Buffer.compare(a.wanted.subject, b.wanted.subject));
  const claims = await insertClaims(
    pool,
    inOrder.map(({ wanted }) => wanted),
    inOrder.map(({ key }) => key),
  );
  const won = new Set(claims.map(({ kid }) => kid));
  const lost = given.filter(({ key }) => !won.has(key.kid));
  if (lost.length > 0)
    await repair(
      pool,
      lost.map(({ wanted, key }) => ({ subject: wanted.subject, kid: key.kid })),
    );
  return given.map(({ key }) => won.has(key.kid));
}
