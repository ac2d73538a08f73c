import { createCipheriv, createDecipheriv, createHmac, type KeyObject } from 'node:crypto';
import { base32 } from '../kernel/ids.ts';
import { randomBytes } from '../kernel/random.ts';
import type { Subject } from './port.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const subjectBytes = 16;
export const keyBytes = 32;

/** A key that seals one person's data. */
export interface DataKey {
  readonly kid: string;
  readonly key: KeyObject;
}

export function newKid(): string {
  return `dk_${base32(randomBytes(15))}`;
}

/**
 * Seals JSON, bound to the key's id. Who it is about is sealed with it, so that the log itself can tell
 * whose key it was, as long as the key exists and no longer.
 */
export function sealData({ kid, key }: DataKey, subject: Buffer, data: unknown): string {
  return encrypt(key, Buffer.concat([subject, Buffer.from(JSON.stringify(data))]), kid).toString('base64url');
}

export function openData({ kid, key }: DataKey, sealed: string): { subject: Buffer; data: unknown } {
  const plain = decrypt(key, Buffer.from(sealed, 'base64url'), kid);
  return { subject: plain.subarray(0, subjectBytes), data: JSON.parse(plain.toString('utf8', subjectBytes)) };
}

/** Names a subject without telling who it is. One person's address has one hash, however it is typed. */
export function hashSubject(pepper: KeyObject, { scope, kind, id }: Subject): Buffer {
  const person = id.trim().toLowerCase().normalize('NFC');
  return createHmac('sha256', pepper).update(`${scope}\n${kind}\n${person}`).digest().subarray(0, subjectBytes);
}

/** AES-256-GCM: nonce ‖ ciphertext ‖ tag. `context` is not secret, and must be the same to open it again. */
export function encrypt(key: KeyObject, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws where the key, the context or the text is another than it was sealed with */
export function decrypt(key: KeyObject, sealed: Uint8Array, context: string): Buffer {
  const nonce = sealed.subarray(0, nonceBytes);
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, end)), decipher.final()]);
}
