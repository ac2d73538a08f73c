import type { Executor } from '../../executor/port.ts';
import * as calendar from '../decider.ts';
import { requireStillFree } from '../deciders/judging.ts';
import type { Change } from '../routes/change-booking.ts';
import { partOf } from '../state/state.ts';

/**
 * Whether a request can be confirmed as far as the hosts are concerned in whose calendars it is not recorded. Nobody else
 * can have booked their time, which is claimed; an external calendar may say by now that they are busy.
 *
 * @throws {Refusal} `slot_taken`
 */
export async function requireOthersFree(
  executor: Executor,
  { booking: { status, parts = [] }, asked: { at } }: Pick<Change, 'booking' | 'asked'>,
): Promise<void> {
  if (status !== 'pending') return;
  for (const { user_id: userId, part_id: partId } of parts) {
    const { state } = await executor.load(calendar, userId, { fresh: true });
    const part = partOf(state, partId);
    if (part?.kind === 'part') requireStillFree(state, part, { at });
  }
}
