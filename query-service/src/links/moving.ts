import type { ReadModel } from '@agentcal/projection-service/tables';
import { minute } from '@agentcal/shared/kernel/time';
import type { HostCalendar } from '@agentcal/shared/scheduling/model';
import { movingTerms } from '@agentcal/shared/scheduling/moving';
import type { StartsQuery } from '../availability/starts.ts';

type Booking = Pick<ReadModel['bookings'], 'event_type_id' | 'start_time' | 'end_time' | 'user_id' | 'user_ids'>;

/** The question of where a booking could be moved, out of where another one like it could be. */
export function moving(query: StartsQuery, booking: Booking): StartsQuery {
  const durationMinutes = (booking.end_time.getTime() - booking.start_time.getTime()) / minute;
  const terms = movingTerms(query.terms, durationMinutes);
  const asked = { terms, durationMinutes };
  return 'hosts' in query
    ? {
        ...query,
        ...asked,
        hosts: query.hosts.map((host) => ({ ...host, calendar: withoutIt(host.calendar, booking) })),
      }
    : { ...query, ...asked, host: withoutIt(query.host, booking) };
}

/**
 * Its own time is free for itself, in the calendars of those who attend: another host may have another booking of the same
 * event type at that time. Claims have no names here, and no two of a calendar are at the same time.
 */
function withoutIt(calendar: HostCalendar, booking: Booking): HostCalendar {
  const { event_type_id, start_time, end_time, user_id, user_ids } = booking;
  if (!(user_ids ?? [user_id]).includes(calendar.userId)) return calendar;
  const [start, end] = [start_time.getTime(), end_time.getTime()];
  const claims = calendar.claims.filter(
    (claim) => claim.eventTypeId !== event_type_id || claim.start !== start || claim.end !== end,
  );
  return { ...calendar, claims };
}
