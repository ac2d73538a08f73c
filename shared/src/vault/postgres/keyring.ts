import { createSecretKey, type KeyObject } from 'node:crypto';
import { decrypt, encrypt, keyBytes } from '../sealing.ts';

export interface KeyringOptions {
  /** Key-encryption key: 32 bytes. Whoever has it and the tables can open everything. */
  readonly masterKey: Buffer;
  /** Counts master keys. Stored with everything that is wrapped. Default 1. */
  readonly masterKeyVersion?: number;
  /** Master keys of other versions, that may still (or already) wrap something. */
  readonly otherMasterKeys?: ReadonlyMap<number, Buffer>;
}

export interface Wrapped {
  readonly version: number;
  readonly bytes: Buffer;
}

/** Wraps under the current master key, and unwraps under the one that was current at the time. */
export interface Keyring {
  readonly version: number;
  /** `context` says what it is and whose: a wrapped key moved to another row does not open. */
  wrap(plain: Uint8Array, context: string): Wrapped;
  unwrap(wrapped: Wrapped, context: string): Buffer;
}

export function createKeyring({ masterKey, masterKeyVersion = 1, otherMasterKeys }: KeyringOptions): Keyring {
  const keys = new Map<number, KeyObject>();
  for (const [version, key] of otherMasterKeys ?? []) keys.set(version, checked(key));
  const current = checked(masterKey);
  keys.set(masterKeyVersion, current);

  return {
    version: masterKeyVersion,
    wrap: (plain, context) => ({ version: masterKeyVersion, bytes: encrypt(current, plain, context) }),
    unwrap({ version, bytes }, context) {
      const key = keys.get(version);
      if (!key) throw new Error(`the vault was wrapped under master key ${version}, which was not given`);
      try {
        return decrypt(key, bytes, context);
      } catch (cause) {
        throw new Error(`master key ${version} does not open this vault`, { cause });
      }
    },
  };
}

function checked(key: Buffer): KeyObject {
  if (key.length !== keyBytes) throw new Error(`a master key has ${keyBytes} bytes, not ${key.length}`);
  return createSecretKey(key);
}

export function keyContext(kid: string): string {
  return `data key\n${kid}`;
}
