import type { Side } from '@agentcal/shared/resources/change-policy';
import { findAnyEventType } from '../../event-type/access.ts';
import type { Executor } from '../../executor/port.ts';
import type { Behalf } from '../commands.ts';
import type { Change } from '../routes/change-booking.ts';

/** What a command carries about whom it is for. The policy is the event type's of today, not of the day of booking. */
export async function behalfOf(
  executor: Executor,
  { asked, booking }: Pick<Change, 'asked' | 'booking'>,
  by: Side | 'organization' | undefined,
  what: 'cancellation' | 'rescheduling',
): Promise<Behalf> {
  if (by === undefined || by === 'organization') return {};
  const { state } = await findAnyEventType(executor, asked.accountId, booking.eventTypeId);
  return { by, policy: state.settings[what] };
}
