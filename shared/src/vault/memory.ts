import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Vault } from './port.ts';
import { hashSubject, keyBytes, newKid, openJson, sealJson } from './sealing.ts';

/** A vault that ends with its process: for tests. It seals for real, so that what leaks in a test leaks in life. */
export function createMemoryVault(): Vault {
  const pepper = newKey();
  const keys = new Map<string, KeyObject>();
  const kidsBySubject = new Map<string, string>();
  const secrets = new Map<string, string>();

  return {
    async seal(subject, data) {
      const hash = hashSubject(pepper, subject).toString('hex');
      const kid = kidsBySubject.get(hash) ?? newKid();
      const key = keys.get(kid) ?? newKey();
      kidsBySubject.set(hash, kid);
      keys.set(kid, key);
      return { kid, sealed: sealJson(key, kid, data) };
    },
    async open(sealed) {
      return sealed.map(({ kid, sealed }) => {
        const key = keys.get(kid);
        return key ? openJson(key, kid, sealed) : null;
      });
    },
    async erase(subject) {
      const hash = hashSubject(pepper, subject).toString('hex');
      const kid = kidsBySubject.get(hash);
      if (kid === undefined) return 0;
      kidsBySubject.delete(hash);
      keys.delete(kid);
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
}

function newKey(): KeyObject {
  return createSecretKey(randomBytes(keyBytes));
}
