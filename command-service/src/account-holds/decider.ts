import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { type Instant, toIso } from '@agentcal/shared/kernel/time';
import type { SnapshotPolicy } from '../executor/port.ts';
import type { HoldsCommand } from './commands.ts';
import type { HoldsEvent } from './events.ts';

/** The count of one account's holds, stream `holds-{accountId}`. */
export interface HoldsState {
  /** Some may have expired or ended since. */
  readonly holds: readonly CountedHold[];
}

export interface CountedHold {
  readonly holdId: string;
  /** The key that placed it. */
  readonly holder: string;
  readonly expiresAt: Instant;
}

export const category = 'holds';

export const initial: HoldsState = { holds: [] };

export const snapshots: SnapshotPolicy = { version: 1, everyEvents: 500 };

export function decide({ type, data }: HoldsCommand, { holds }: HoldsState): readonly HoldsEvent[] {
  const counts = (id: string) => holds.some(({ holdId }) => holdId === id);
  switch (type) {
    case 'CountHold': {
      const { accountId: account_id, holdId: hold_id, holder, expiresAt } = data;
      if (counts(hold_id)) return [];
      return [{ type: 'holds.counted.v1', data: { account_id, hold_id, holder, expires_at: toIso(expiresAt) } }];
    }
    case 'DropEnded': {
      const hold_ids = data.holdIds.filter(counts);
      if (hold_ids.length === 0) return [];
      return [{ type: 'holds.found-ended.v1', data: { account_id: data.accountId, hold_ids } }];
    }
  }
}

export function evolve({ holds }: HoldsState, { type, data, metadata }: FoldedEvent<HoldsEvent>): HoldsState {
  switch (type) {
    case 'holds.counted.v1': {
      const at = Date.parse(metadata.occurred_at);
      const counted = { holdId: data.hold_id, holder: data.holder, expiresAt: Date.parse(data.expires_at) };
      return { holds: [...holds.filter(({ expiresAt }) => expiresAt > at), counted] };
    }
    case 'holds.found-ended.v1': {
      const ended = new Set(data.hold_ids);
      return { holds: holds.filter(({ holdId }) => !ended.has(holdId)) };
    }
  }
}

export function weigh({ holds }: HoldsState): number {
  return 1 + holds.length;
}
