import { createHmac, timingSafeEqual } from 'node:crypto';
import { base32, bodyOf, fromBase32, prefixes } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type Instant, minute } from '../kernel/time.ts';

/**
 * A `slot_id`: an offered start as one opaque word, so that an agent need not copy or compute times.
 *
 * It is the offer itself, signed: nothing is stored, and nobody can make up a slot that was never offered. It
 * promises nothing: a start that was taken meanwhile is refused as any other. Whose key may use it is not its
 * business either: user and event type are looked up in the account of the request.
 */
export interface SlotTokens {
  /** The same offer within the same minute is the same word. */
  issue(offer: SlotOffer, now: Instant): string;
  /** What was offered, and until when it may be taken. @throws {Refusal} `invalid_slot_id` */
  read(slotId: string): SlotOffer & { readonly expiresAt: Instant };
}

export interface SlotOffer {
  readonly eventTypeId: string;
  readonly userId: string;
  /** A whole minute. */
  readonly start: Instant;
  readonly durationMinutes: number;
}

/** About as long as somebody on the phone thinks about three times that were read out. */
export const slotLifeMs = 15 * minute;

const prefix = 'slot_';
const version = 1;
/** version 1 ‖ event type 15 ‖ user 15 ‖ start 4 ‖ duration 2 ‖ expiry 4 (times in minutes since 1970) ‖ MAC 14 */
const signedBytes = 41;
const tokenBytes = 55;

export function createSlotTokens(key: Buffer, lifeMs: number = slotLifeMs): SlotTokens {
  return {
    issue({ eventTypeId, userId, start, durationMinutes }, now) {
      const bytes = Buffer.alloc(tokenBytes);
      bytes.writeUInt8(version, 0);
      bytes.set(fromBase32(bodyOf(eventTypeId)), 1);
      bytes.set(fromBase32(bodyOf(userId)), 16);
      bytes.writeUInt32BE(start / minute, 31);
      bytes.writeUInt16BE(durationMinutes, 35);
      bytes.writeUInt32BE(Math.ceil((now + lifeMs) / minute), 37);
      bytes.set(macOf(key, bytes), signedBytes);
      return prefix + base32(bytes);
    },

    read(slotId) {
      const bytes = genuine(key, slotId);
      if (!bytes) throw new Refusal('invalid_slot_id');
      return {
        eventTypeId: `${prefixes.eventType}_${base32(bytes.subarray(1, 16))}`,
        userId: `${prefixes.user}_${base32(bytes.subarray(16, 31))}`,
        start: bytes.readUInt32BE(31) * minute,
        durationMinutes: bytes.readUInt16BE(35),
        expiresAt: bytes.readUInt32BE(37) * minute,
      };
    },
  };
}

function genuine(key: Buffer, slotId: string): Buffer | undefined {
  const body = slotId.startsWith(prefix) ? slotId.slice(prefix.length) : '';
  if (!/^[0-9a-hjkmnp-tv-z]{88}$/.test(body)) return undefined;
  const bytes = Buffer.from(fromBase32(body));
  return timingSafeEqual(macOf(key, bytes), bytes.subarray(signedBytes)) ? bytes : undefined;
}

function macOf(key: Buffer, bytes: Buffer): Buffer {
  const mac = createHmac('sha256', key).update(bytes.subarray(0, signedBytes)).digest();
  return mac.subarray(0, tokenBytes - signedBytes);
}
