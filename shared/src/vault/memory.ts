import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Vault } from './port.ts';
import { type DataKey, hashSubject, keyBytes, newKid, openData, sealData } from './sealing.ts';

/** A vault that ends with its process: for tests. It seals for real, so that what leaks in a test leaks in life. */
export function createMemoryVault(): Vault {
  const pepper = newKey();
  const bySubject = new Map<string, DataKey>();
  const byKid = new Map<string, DataKey>();
  const secrets = new Map<string, string>();

  const vault: Vault = {
    async seal(subject, data) {
      const hash = hashSubject(pepper, subject);
      const key = bySubject.get(hash.toString('hex')) ?? { kid: newKid(), key: newKey() };
      bySubject.set(hash.toString('hex'), key);
      byKid.set(key.kid, key);
      return { kid: key.kid, sealed: sealData(key, hash, data) };
    },
    async sealAhead(subject, data) {
      return { sealed: await vault.seal(subject, data), claimed: Promise.resolve() };
    },
    async open(sealed) {
      return sealed.map(({ kid, sealed }) => {
        const key = byKid.get(kid);
        return key ? openData(key, sealed).data : null;
      });
    },
    async erase(subject) {
      const hash = hashSubject(pepper, subject).toString('hex');
      const key = bySubject.get(hash);
      if (key === undefined) return 0;
      bySubject.delete(hash);
      byKid.delete(key.kid);
      return 1;
    },
    async putSecret(name, secret) {
      secrets.set(name, secret);
    },
    async keepSecret(name, secret) {
      const kept = secrets.get(name) ?? secret;
      secrets.set(name, kept);
      return kept;
    },
    async getSecret(name) {
      return secrets.get(name);
    },
    async deleteSecret(name) {
      secrets.delete(name);
    },
    async close() {},
  };
  return vault;
}

function newKey(): KeyObject {
  return createSecretKey(randomBytes(keyBytes));
}
