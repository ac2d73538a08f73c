import type { Command } from '@agentcal/shared/kernel/decider';
import type { CountedHold } from './decider.ts';

/** Everything that may be asked of the count of one account's holds. */
export type HoldsCommand = CountHold | DropEnded;

/** It is there already: nothing refuses this. Safe to repeat while it counts. */
export type CountHold = Command<'CountHold', CountedHold & { readonly accountId: string }>;

/** Safe to repeat. */
export type DropEnded = Command<'DropEnded', { readonly accountId: string; readonly holdIds: readonly string[] }>;
