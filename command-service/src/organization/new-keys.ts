import { createHmac, randomBytes } from 'node:crypto';
import { idempotencyKey } from '@agentcal/shared/http/command-context';
import { type KeyParts, newKey } from '@agentcal/shared/http/keys';
import type { Vault } from '@agentcal/shared/vault/port';

/** The text of a key that a request asks for. */
export type MakeKey = (parts: KeyParts, request: { readonly headers: object }, commandId: string) => string;

/**
 * New keys. One that was asked for with an `Idempotency-Key` follows from the command and a secret of the vault, so that
 * a repeat answers it again though only its hash is stored. Any other is chance alone: nobody can ask for it twice.
 */
export async function openNewKeys(vault: Pick<Vault, 'keepSecret'>): Promise<MakeKey> {
  const pepper = Buffer.from(await vault.keepSecret('new-key-pepper', randomBytes(32).toString('base64')), 'base64');
  return (parts, request, commandId) => {
    if (idempotencyKey(request) === undefined) return newKey(parts);
    return newKey(parts, (size) => createHmac('sha256', pepper).update(commandId).digest().subarray(0, size));
  };
}
