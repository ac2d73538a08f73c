import { randomBytes } from 'node:crypto';
import type { Vault } from '../vault/port.ts';
import { createSlotTokens, type SlotTokens } from './slot-token.ts';

/** Slot ids under the installation's one key: made by whoever starts first, the same for every process from then on. */
export async function openSlotTokens(vault: Pick<Vault, 'keepSecret'>): Promise<SlotTokens> {
  const key = await vault.keepSecret('slot-token-key', randomBytes(32).toString('base64'));
  return createSlotTokens(Buffer.from(key, 'base64'));
}
