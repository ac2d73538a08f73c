import { Refusal } from '@agentcal/shared/kernel/refusal';
import { toIso } from '@agentcal/shared/kernel/time';
import { judgeChange } from '@agentcal/shared/resources/change-policy';
import type { Behalf } from '../commands.ts';
import type { BookingRecord } from '../state/state.ts';

/**
 * Whether whoever it is for may change the booking, as the event type has it now. The organization always may.
 *
 * @throws {Refusal} `change_not_allowed`, `too_late_to_change`
 */
export function requireAllowed({ start }: BookingRecord, { by, policy = {}, at }: Behalf & { at: number }): void {
  if (by === undefined) return;
  const refused = judgeChange(policy, { side: by, start, at });
  if (refused === undefined) return;
  const detail = { change_not_allowed: `The event type does not let the ${by} do that`, too_late_to_change: undefined };
  throw new Refusal(
    refused,
    detail[refused] ?? `It starts at ${toIso(start)}, which is sooner than the notice asked for`,
  );
}

/** For the log: absent where it was the organization. */
export function behalf({ by }: Behalf): { readonly by?: 'host' | 'attendee' } {
  return by === undefined ? {} : { by };
}
