import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { Position } from '@agentcal/shared/kernel/event';
import type { CommittedEvent, Executor } from '../../executor/port.ts';
import type { CalendarEvent, Part } from '../events.ts';
import { byCalendar, Steps } from './steps.ts';

/**
 * Gives back, in others' calendars, what a booking or hold no longer needs. Decided where it is recorded, this only
 * follows; a job does it again, for the case that this process dies before.
 *
 * @returns how far in the log it reached.
 */
export async function releaseParts(
  executor: Executor,
  context: CommandContext,
  { eventId, parts }: { readonly eventId: string; readonly parts: readonly Part[] },
): Promise<Position> {
  const steps = new Steps(executor, context);
  const { at, accountId = '' } = context;
  for (const [userId, ofUser] of byCalendar(parts, ({ user_id }) => user_id)) {
    const data = { userId, accountId, at, partIds: ofUser.map(({ part_id }) => part_id) };
    await steps.onCalendar(eventId, 'let go', userId, { type: 'ReleaseParts', data });
  }
  return steps.position;
}

/** The parts that events say are no longer needed, by the event that says so. */
export function lettingGo(events: readonly CommittedEvent<CalendarEvent>[]) {
  return events.flatMap(({ id, data }) => {
    const parts = (data as { readonly released_parts?: readonly Part[] }).released_parts;
    return parts ? [{ eventId: id, parts }] : [];
  });
}
