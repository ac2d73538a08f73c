import type { Standing } from '@agentcal/shared/scheduling/assign';
import { type CalendarState, takesTime } from './state.ts';

/** What a host has had of an event type, as far as the calendar remembers: what is ahead, and the last weeks. */
export function standingOf({ records }: CalendarState, eventTypeId: string): Standing {
  let bookings = 0;
  let lastBookedAt: number | undefined;
  for (const chunk of records.chunks) {
    for (const record of chunk) {
      if (record.kind !== 'booking' && record.kind !== 'part') continue;
      if (record.eventTypeId !== eventTypeId || (record.kind === 'booking' && !takesTime(record))) continue;
      bookings += 1;
      const bookedAt = record.kind === 'part' ? record.claimedAt : record.details.createdAt;
      lastBookedAt = Math.max(lastBookedAt ?? bookedAt, bookedAt);
    }
  }
  return { bookings, ...(lastBookedAt !== undefined && { lastBookedAt }) };
}
