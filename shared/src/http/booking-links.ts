import { randomBytes } from 'node:crypto';
import type { Instant } from '../kernel/time.ts';
import type { Booking } from '../resources/booking.ts';
import type { Vault } from '../vault/port.ts';
import { type BookingLinkTokens, canBeLinked, createBookingLinkTokens, type LinkPurpose } from './booking-link.ts';

/** The links of bookings, as answers and webhooks carry them. */
export interface BookingLinks extends Pick<BookingLinkTokens, 'read'> {
  /** The booking with what its attendee can do about it; as it is where there is nothing any more. */
  addTo(booking: Booking, now: Instant): Booking;
}

/** Links under the installation's one key: made by whoever starts first, the same for every process from then on. */
export async function openBookingLinks(
  vault: Pick<Vault, 'keepSecret'>,
  publicUrl: () => string,
): Promise<BookingLinks> {
  const key = await vault.keepSecret('booking-link-key', randomBytes(32).toString('base64'));
  return createBookingLinks(createBookingLinkTokens(Buffer.from(key, 'base64')), publicUrl);
}

export function createBookingLinks(tokens: BookingLinkTokens, publicUrl: () => string): BookingLinks {
  return {
    read: (token) => tokens.read(token),
    addTo(booking, now) {
      const { id: bookingId, seat_id: seatId } = booking;
      if (!isOpen(booking, now) || !canBeLinked(bookingId, seatId)) return booking;
      const urlFor = (purpose: LinkPurpose) => {
        const link = { bookingId, purpose, ...(seatId !== undefined && { seatId }) };
        return `${publicUrl()}/v1/public/bookings/${tokens.issue(link)}`;
      };
      // Where others have seats of it too, one of them cannot move it.
      const reschedule = seatId === undefined && { reschedule_url: urlFor('reschedule') };
      return { ...booking, cancel_url: urlFor('cancel'), ...reschedule };
    },
  };
}

function isOpen({ status, end_time, expires_at }: Booking, now: Instant): boolean {
  if (status !== 'confirmed' && status !== 'pending') return false;
  return Date.parse(end_time) > now && (expires_at === undefined || Date.parse(expires_at) > now);
}
