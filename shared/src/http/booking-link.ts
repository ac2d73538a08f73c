import { createHmac, timingSafeEqual } from 'node:crypto';
import { base32, bodyLength, bodyOf, fromBase32, isId, prefixes } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';

/**
 * A link that lets whoever has it do one thing about one booking, without a key: it goes to the attendee.
 *
 * It is the booking's name and what may be done, signed: nothing is stored, and nobody can make one up for another
 * booking. It has no date of its own: it is good as long as the booking is open, also where that is moved, so that what
 * was mailed once goes on working. It is no proof of who has it, and shows nothing that is not the attendee's business.
 */
export interface BookingLink {
  readonly bookingId: string;
  /** Where the event type has seats: the one that it is about. */
  readonly seatId?: string;
  readonly purpose: LinkPurpose;
}

export const linkPurposes = ['cancel', 'reschedule'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

export interface BookingLinkTokens {
  issue(link: BookingLink): string;
  /** @throws {Refusal} `not_found` for whatever was not issued here */
  read(token: string): BookingLink;
}

const prefix = 'link_';
const version = 1;
/** version 1 ‖ purpose 1 ‖ user 15 ‖ booking 15 ‖ seat 15 (zeros without one) ‖ MAC 18 */
const idBytes = 15;
const signedBytes = 2 + 3 * idBytes;
const tokenBytes = 65;

export function createBookingLinkTokens(key: Buffer): BookingLinkTokens {
  return {
    issue({ bookingId, seatId, purpose }) {
      const bytes = Buffer.alloc(tokenBytes);
      bytes.writeUInt8(version, 0);
      bytes.writeUInt8(linkPurposes.indexOf(purpose), 1);
      bytes.set(fromBase32(bodyOf(bookingId)), 2);
      // A seat is of the booking's own calendar: its user need not be said twice.
      if (seatId !== undefined) bytes.set(fromBase32(bodyOf(seatId).slice(bodyLength)), 2 + 2 * idBytes);
      bytes.set(macOf(key, bytes), signedBytes);
      return prefix + base32(bytes);
    },

    read(token) {
      const bytes = genuine(key, token);
      if (!bytes) throw new Refusal('not_found');
      const part = (n: number) => base32(bytes.subarray(2 + n * idBytes, 2 + (n + 1) * idBytes));
      const [user, booking, seat] = [part(0), part(1), part(2)];
      return {
        bookingId: `${prefixes.booking}_${user}${booking}`,
        ...(!/^0+$/.test(seat) && { seatId: `${prefixes.seat}_${user}${seat}` }),
        purpose: linkPurposes[bytes[1]!]!,
      };
    },
  };
}

function genuine(key: Buffer, token: string): Buffer | undefined {
  const body = token.startsWith(prefix) ? token.slice(prefix.length) : '';
  if (!/^[0-9a-hjkmnp-tv-z]{104}$/.test(body)) return undefined;
  const bytes = Buffer.from(fromBase32(body));
  return timingSafeEqual(macOf(key, bytes), bytes.subarray(signedBytes)) ? bytes : undefined;
}

function macOf(key: Buffer, bytes: Buffer): Buffer {
  const mac = createHmac('sha256', key).update(bytes.subarray(0, signedBytes)).digest();
  return mac.subarray(0, tokenBytes - signedBytes);
}

/** Whether a booking's id is of the shape that a link can hold. */
export function canBeLinked(bookingId: string, seatId: string | undefined): boolean {
  return isId('booking', bookingId) && (seatId === undefined || isId('seat', seatId));
}
