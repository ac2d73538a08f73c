import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { userOf } from '@agentcal/shared/kernel/ids';
import type { Interval } from '@agentcal/shared/kernel/time';
import * as calendar from '../calendar/decider.ts';
import { claimsFrom } from '../calendar/deciders/judging.ts';
import { carryOut } from '../calendar/execution/carry-out.ts';
import { stepContext } from '../calendar/execution/steps.ts';
import { bookingOf, type CalendarState, isLive } from '../calendar/state/state.ts';
import type { Executor } from '../executor/port.ts';
import { longestMs } from './patience.ts';

/**
 * Declines requests of several hosts that nobody has answered in time, where their parts of these calendars are around a
 * time that somebody else wants. The calendar that records a request knows that it blocks nothing any more; the others
 * are told by a job, a moment later, or when that runs again. On trial, too: it only says what has been so.
 *
 * @returns whether there were any: then there may be room now
 */
export async function declineExpired(
  executor: Executor,
  context: CommandContext,
  calendars: Iterable<CalendarState>,
  { start, end }: Interval,
): Promise<boolean> {
  const { at, accountId = '' } = context;
  const asked = new Set<string>();
  for (const state of calendars) {
    for (const claim of claimsFrom(state, start - longestMs, end + longestMs)) {
      if (claim.kind === 'part') asked.add(claim.bookingId);
    }
  }
  let declined = false;
  for (const [userId, bookingIds] of Map.groupBy(asked, userOf)) {
    const { state } = await executor.load(calendar, userId);
    for (const bookingId of bookingIds) {
      const booking = bookingOf(state, bookingId);
      if (booking?.status !== 'pending' || isLive(booking, at)) continue;
      const command = { type: 'ExpireRequest', data: { userId, accountId, bookingId, at } } as const;
      await carryOut(executor, { userId, command, context: stepContext(context, bookingId, 'expire') });
      declined = true;
    }
  }
  return declined;
}
