import type { Command } from '@agentcal/shared/kernel/decider';
import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import type { Terms } from '@agentcal/shared/scheduling/model';
import type { EventTypeSettings } from './events.ts';

export type EventTypeCommand = DefineEventType | ChangeEventType | RetireEventType;

export type DefineEventType = Command<
  'DefineEventType',
  { eventTypeId: string; accountId: string; settings: EventTypeSettings } & LookedUp
>;

export type ChangeEventType = Command<'ChangeEventType', { changes: SettingsChanges } & LookedUp>;

export type RetireEventType = Command<'RetireEventType', Record<never, never>>;

interface LookedUp {
  /** What is wrong with the request by other things than the event type itself: see `references.ts`. */
  readonly faults: readonly FieldFault[];
}

/** What is absent stays as it is; `null` takes an optional field away. */
export type SettingsChanges = Changes<Omit<EventTypeSettings, 'terms'>> & { readonly terms?: Changes<Terms> };

export type Changes<T> = {
  readonly [K in keyof T]?: undefined extends T[K] ? T[K] | null : T[K];
};
