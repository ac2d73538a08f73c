import { createSecretKey } from 'node:crypto';
import type { Pool } from 'pg';
import { randomBytes } from '../../kernel/random.ts';
import { type DataKey, keyBytes, newKid } from '../sealing.ts';
import { type Keyring, keyContext } from './keyring.ts';

const firstRefill = 16;
const largestRefill = 512;

/**
 * Keys that are durable before anybody needs them, so that a new person costs no wait for a disk. They belong
 * to this process alone; what it leaves behind is never used by another, because nobody could tell it from
 * a key whose claim was lost.
 */
export function createSpares(pool: Pool, keyring: Keyring) {
  const spares: DataKey[] = [];
  let size = firstRefill;
  let refilling: Promise<void> | undefined;

  async function insert(count: number): Promise<void> {
    const made = Array.from({ length: count }, () => ({ kid: newKid(), bytes: randomBytes(keyBytes) }));
    await pool.query(
      `insert into vault.data_keys (kid, key_version, wrapped_key)
       select kid, $1, wrapped_key from unnest($2::text[], $3::bytea[]) as made (kid, wrapped_key)`,
      [
        keyring.version,
        made.map(({ kid }) => kid),
        made.map(({ kid, bytes }) => keyring.wrap(bytes, keyContext(kid)).bytes),
      ],
    );
    spares.push(...made.map(({ kid, bytes }) => ({ kid, key: createSecretKey(bytes) })));
    size = Math.min(size * 2, largestRefill);
  }

  function refill(atLeast: number): Promise<void> {
    refilling ??= insert(Math.max(size, atLeast)).finally(() => {
      refilling = undefined;
    });
    return refilling;
  }

  /** Ahead of need. Where it fails, whoever needs it next tries again and is told. */
  function refillWhereLow(): void {
    if (spares.length < size / 4) refill(0).catch(() => {});
  }

  return {
    /** One that is at hand, if any. */
    takeOne(): DataKey | undefined {
      const taken = spares.pop();
      refillWhereLow();
      return taken;
    },
    async take(count: number): Promise<DataKey[]> {
      while (spares.length < count) await refill(count - spares.length);
      const taken = spares.splice(0, count);
      refillWhereLow();
      return taken;
    },
    /** What was taken and not used. */
    giveBack(keys: readonly DataKey[]): void {
      spares.push(...keys);
    },
    /** Resolves when no refill is on its way. */
    async settle(): Promise<void> {
      await refilling?.catch(() => {});
    },
  };
}
