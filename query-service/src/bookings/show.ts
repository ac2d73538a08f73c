import type { ReadModel } from '@agentcal/projection-service/tables';
import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { Booking } from '@agentcal/shared/resources/booking';
import { bookingView } from '@agentcal/shared/resources/booking-view';

export interface Shown {
  readonly now: Instant;
  readonly links: Pick<BookingLinks, 'addTo'>;
}

/** A row as everybody sees bookings, with the status that is true at this moment and what its attendee can do then. */
export function show(row: ReadModel['bookings'], { now, links }: Shown): Booking {
  const booking = bookingView({
    ...row,
    status: hasExpired(row, now) ? 'declined' : row.status,
    start_time: row.start_time.getTime(),
    end_time: row.end_time.getTime(),
    expires_at: row.expires_at?.getTime() ?? null,
    created_at: row.created_at.getTime(),
    updated_at: row.updated_at.getTime(),
  });
  return links.addTo(booking, now);
}

/** A request that nobody has answered in time is declined from that instant on, also before an event has said so. */
export function hasExpired({ status, expires_at }: ReadModel['bookings'], now: Instant): boolean {
  return status === 'pending' && expires_at !== null && expires_at.getTime() <= now;
}
