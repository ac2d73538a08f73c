import { type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import { storyTime } from '@agentcal/shared/testing/scenario';
import type { CountHold } from './commands.ts';
import type { HoldsEvent } from './events.ts';

export const now: Instant = Date.parse(storyTime);
export const inFiveMinutes = now + 5 * minute;
const accountId = 'acct_1';

export function count(holdId: string): CountHold {
  return { type: 'CountHold', data: { accountId, holdId, holder: 'key_1', expiresAt: inFiveMinutes } };
}

export function counted(hold_id: string, expiresAt = inFiveMinutes): HoldsEvent {
  const data = { account_id: accountId, hold_id, holder: 'key_1', expires_at: toIso(expiresAt) };
  return { type: 'holds.counted.v1', data };
}

export function foundEnded(...hold_ids: string[]): HoldsEvent {
  return { type: 'holds.found-ended.v1', data: { account_id: accountId, hold_ids } };
}

export function dropEnded(...holdIds: string[]) {
  return { type: 'DropEnded', data: { accountId, holdIds } } as const;
}
