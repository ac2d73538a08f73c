import type { ReadModel } from '@agentcal/projection-service/tables';
import type { Booking } from '@agentcal/shared/resources/booking';
import { bookingView } from '@agentcal/shared/resources/booking-view';

/** A row as everybody sees bookings. */
export function show(row: ReadModel['bookings']): Booking {
  return bookingView({
    ...row,
    start_time: row.start_time.getTime(),
    end_time: row.end_time.getTime(),
    expires_at: row.expires_at?.getTime() ?? null,
    created_at: row.created_at.getTime(),
    updated_at: row.updated_at.getTime(),
  });
}
