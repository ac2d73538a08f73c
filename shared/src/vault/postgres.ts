import type { Pool } from 'pg';
import type { Clock } from '../kernel/time.ts';
import type { Vault } from './port.ts';
import { repair } from './postgres/claims.ts';
import { createDataKeys } from './postgres/data-keys.ts';
import { createKeyring, type KeyringOptions } from './postgres/keyring.ts';
import { openPepper } from './postgres/pepper.ts';
import { rewrapAll } from './postgres/rotate.ts';
import { createSchema } from './postgres/schema.ts';
import { createSecrets } from './postgres/secrets.ts';
import { hashSubject, openData, sealData } from './sealing.ts';

export interface PostgresVaultOptions extends KeyringOptions {
  readonly pool: Pool;
  /** How long an opened key may be used without asking whether it still exists. */
  readonly cacheTtlMs?: number;
  /** How many opened keys are kept. */
  readonly cacheSize?: number;
  readonly clock?: Clock;
}

export interface PostgresVault extends Vault {
  /** Wraps everything again under the current master key. Answers how much there was to do. */
  rotate(): Promise<number>;
}

/**
 * The vault in schema `vault`: see postgres/README.md. Creates the schema where it is missing.
 *
 * @throws where the master key is not the one that this vault was made with
 */
export async function createPostgresVault(options: PostgresVaultOptions): Promise<PostgresVault> {
  const { pool } = options;
  const keyring = createKeyring(options);
  await createSchema(pool);
  const secrets = createSecrets(pool, keyring);
  const pepper = await openPepper(secrets);
  const keys = createDataKeys(pool, keyring, {
    ttlMs: options.cacheTtlMs ?? 5_000,
    size: options.cacheSize ?? 10_000,
    clock: options.clock ?? sinceStart,
  });

  return {
    async seal({ scope, kind, id }, data) {
      const subject = hashSubject(pepper, { scope, kind, id });
      const key = await keys.forSubject({ scope, kind, subject });
      return { kid: key.kid, sealed: sealData(key, subject, data) };
    },
    async sealAhead({ scope, kind, id }, data) {
      const subject = hashSubject(pepper, { scope, kind, id });
      const { key, claimed } = await keys.aheadForSubject({ scope, kind, subject });
      return { sealed: { kid: key.kid, sealed: sealData(key, subject, data) }, claimed };
    },
    async open(sealed) {
      const known = await keys.byKid(sealed.map(({ kid }) => kid));
      const unclaimed = new Map<string, Buffer>();
      const opened = sealed.map(({ kid, sealed }) => {
        const key = known.get(kid);
        if (!key) return null;
        const { subject, data } = openData(key, sealed);
        if (key.subject === undefined) unclaimed.set(kid, subject);
        return data;
      });
      if (unclaimed.size > 0)
        await repair(
          pool,
          [...unclaimed].map(([kid, subject]) => ({ kid, subject })),
        );
      return opened;
    },
    erase: (subject) => keys.destroy(hashSubject(pepper, subject)),
    putSecret: secrets.put,
    keepSecret: secrets.keep,
    getSecret: secrets.get,
    deleteSecret: secrets.delete,
    rotate: () => rewrapAll(pool, keyring),
    close: keys.close,
  };
}

/** Never set back, as the clock on the wall may be. */
const sinceStart: Clock = { now: () => performance.now() };
