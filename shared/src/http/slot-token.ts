import { createCipheriv, hash, timingSafeEqual } from 'node:crypto';
import { base32, bodyOf, fromBase32, prefixes, writeBase32 } from '../kernel/ids.ts';
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
  /** Words of many starts that are offered alike. Costs little more than one. */
  issueAll(offer: Omit<SlotOffer, 'start'>, starts: readonly Instant[], now: Instant): SlotIds;
  /** What was offered, and until when it may be taken. @throws {Refusal} `invalid_slot_id` */
  read(slotId: string): SlotOffer & { readonly expiresAt: Instant };
}

export interface SlotOffer {
  readonly eventTypeId: string;
  /** Absent: whoever of the event type's hosts it takes, which is decided when it is booked. */
  readonly userId?: string;
  /** A whole minute. */
  readonly start: Instant;
  readonly durationMinutes: number;
}

/** Words that begin alike, cut where they differ: the bytes that an answer is made of need no more. */
export interface SlotIds {
  readonly beginning: string;
  /** Writes how the word of the start at a place goes on: `endingLength` ASCII letters. */
  writeEnding(place: number, into: Uint8Array, at: number): void;
}

/** A whole word out of such. */
export function wordAt({ beginning, writeEnding }: SlotIds, place: number): string {
  const letters = Buffer.allocUnsafe(endingLength);
  writeEnding(place, letters, 0);
  return beginning + letters.toString('latin1');
}

/** About as long as somebody on the phone thinks about three times that were read out. */
export const slotLifeMs = 15 * minute;
export const endingLength = 32;

const prefix = 'slot_';
/** Of a word that names a user, and of one that leaves that to the event type. Version 1 is no longer issued or read. */
const versions = { user: 2, hosts: 3 } as const;
const [user, hosts] = [35, 20];
/** duration 2 ‖ start 4 (minutes since 1970) ‖ MAC 14 */
const endingBytes = 20;
const macBytes = 14;
const blockBytes = 16;

/**
 * A word begins with version 1 ‖ event type 15 ‖ (user 15) ‖ expiry 4, in whole letters of base32, and so do all words
 * of an answer. The MAC of an ending is its duration and start encrypted with AES under a key that HMAC-SHA256 derives
 * from the beginning: a pseudorandom function of both, and hundreds of endings are one call of the cipher.
 */
export function createSlotTokens(key: Buffer, lifeMs: number = slotLifeMs): SlotTokens {
  const derive = hmacUnder(key);
  const issueAll: SlotTokens['issueAll'] = ({ eventTypeId, userId, durationMinutes }, starts, now) => {
    const beginning = Buffer.allocUnsafe(userId === undefined ? hosts : user);
    beginning.writeUInt8(userId === undefined ? versions.hosts : versions.user, 0);
    beginning.set(fromBase32(bodyOf(eventTypeId)), 1);
    if (userId !== undefined) beginning.set(fromBase32(bodyOf(userId)), 16);
    beginning.writeUInt32BE(Math.ceil((now + lifeMs) / minute), beginning.length - 4);
    const blocks = Buffer.allocUnsafe(starts.length * blockBytes).fill(0);
    for (let i = 0; i < starts.length; i++) writeBlock(blocks, i * blockBytes, durationMinutes, starts[i]! / minute);
    const endings = endingsOf(blocks, encrypt(derive(beginning), blocks));
    return {
      beginning: prefix + base32(beginning),
      writeEnding: (place, into, at) => writeBase32(endings, place * endingBytes, (place + 1) * endingBytes, into, at),
    };
  };

  return {
    issueAll,
    issue({ start, ...offer }, now) {
      return wordAt(issueAll(offer, [start], now), 0);
    },
    read(slotId) {
      const bytes = genuine(derive, slotId);
      if (!bytes) throw new Refusal('invalid_slot_id');
      const ending = bytes.length - endingBytes;
      const id = (kind: 'eventType' | 'user', at: number) => `${prefixes[kind]}_${base32(bytes.subarray(at, at + 15))}`;
      return {
        eventTypeId: id('eventType', 1),
        ...(ending === user && { userId: id('user', 16) }),
        start: bytes.readUInt32BE(ending + 2) * minute,
        durationMinutes: bytes.readUInt16BE(ending),
        expiresAt: bytes.readUInt32BE(ending - 4) * minute,
      };
    },
  };
}

function genuine(derive: (beginning: Buffer) => Buffer, slotId: string): Buffer | undefined {
  const body = slotId.startsWith(prefix) ? slotId.slice(prefix.length) : '';
  if (!/^[0-9a-hjkmnp-tv-z]+$/.test(body)) return undefined;
  const version = { 88: versions.user, 64: versions.hosts }[body.length];
  const bytes = Buffer.from(fromBase32(body));
  if (version === undefined || bytes[0] !== version) return undefined;
  const ending = bytes.length - endingBytes;
  const block = Buffer.alloc(blockBytes);
  block.set(bytes.subarray(ending, -macBytes));
  const mac = encrypt(derive(bytes.subarray(0, ending)), block).subarray(0, macBytes);
  return timingSafeEqual(mac, bytes.subarray(-macBytes)) ? bytes : undefined;
}

/** HMAC-SHA256 as RFC 2104 defines it, for short texts: node's object for it costs twice what its two hashes do. */
function hmacUnder(key: Buffer): (text: Buffer) => Buffer {
  const padded = Buffer.alloc(64);
  padded.set(key);
  const [inner, outer] = [padded.map((byte) => byte ^ 0x36), padded.map((byte) => byte ^ 0x5c)];
  const sha256 = (...parts: Uint8Array[]) => hash('sha256', Buffer.concat(parts), 'buffer');
  return (text) => sha256(outer, sha256(inner, text));
}

/** Each block by itself, which hides nothing and need not: they are different ones, and public. */
function encrypt(derived: Buffer, blocks: Buffer): Buffer {
  return createCipheriv('aes-256-ecb', derived, null).setAutoPadding(false).update(blocks);
}

function writeBlock(blocks: Buffer, at: number, duration: number, start: number): void {
  blocks[at] = duration >>> 8;
  blocks[at + 1] = duration;
  blocks[at + 2] = start >>> 24;
  blocks[at + 3] = start >>> 16;
  blocks[at + 4] = start >>> 8;
  blocks[at + 5] = start;
}

/** Duration, start and MAC of each block, one after the other. */
function endingsOf(blocks: Buffer, macs: Buffer): Buffer {
  const endings = Buffer.allocUnsafe((blocks.length / blockBytes) * endingBytes);
  let to = 0;
  for (let block = 0; block < blocks.length; block += blockBytes) {
    for (let n = 0; n < endingBytes - macBytes; n++) endings[to++] = blocks[block + n]!;
    for (let n = 0; n < macBytes; n++) endings[to++] = macs[block + n]!;
  }
  return endings;
}
