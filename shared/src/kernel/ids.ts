import { hash } from 'node:crypto';
import { randomBytes } from './random.ts';

/**
 * Ids are typed by a prefix, unguessable (120 bits), and carry their routing: a booking or hold id
 * holds the user whose calendar it is in, a key holds its organization. So no look-up stands between
 * a request and its stream.
 */
export const prefixes = {
  organization: 'org',
  account: 'acct',
  user: 'user',
  eventType: 'evt',
  connection: 'conn',
  key: 'key',
  webhook: 'whk',
  booking: 'bkg',
  hold: 'hold',
  seat: 'seat',
  part: 'part',
  series: 'ser',
  sequence: 'seq',
  away: 'away',
} as const;

export type IdKind = keyof typeof prefixes;

/** What is in a user's calendar: its id holds the user's. */
export type CalendarItemKind = (typeof calendarItemKinds)[number];
const calendarItemKinds = ['booking', 'hold', 'seat', 'part'] as const;

/** Lowercase Crockford base32: no i, l, o, u to misread aloud. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** Characters of one id body: 24 × 5 = 120 bits. */
export const bodyLength = 24;
const body = `[0-9a-hjkmnp-tv-z]{${bodyLength}}`;

/** Hands out random bytes. Tests and the simulation bring their own. */
export type RandomBytes = (size: number) => Uint8Array;

/** Source of a regular expression that accepts exactly the ids of one kind. */
export function idPattern(kind: IdKind): string {
  const bodies = calendarItemKinds.some((item) => item === kind) ? body + body : body;
  return `^${prefixes[kind]}_${bodies}$`;
}

const patterns = new Map<IdKind, RegExp>();

/** Whether a text is an id of that kind. Says nothing about whether there is such a thing. */
export function isId(kind: IdKind, text: string): boolean {
  const pattern = patterns.get(kind) ?? new RegExp(idPattern(kind));
  patterns.set(kind, pattern);
  return pattern.test(text);
}

/** A fresh id of a kind that carries no routing. */
export function newId(kind: Exclude<IdKind, CalendarItemKind>, random: RandomBytes = randomBytes): string {
  return `${prefixes[kind]}_${base32(random(15))}`;
}

/** The id of what a command creates. The same command creates the same id, so a repeat finds it. */
export function deriveId(kind: Exclude<IdKind, CalendarItemKind>, commandId: string): string {
  return `${prefixes[kind]}_${hashBody(commandId, kind)}`;
}

/** The id of something in a calendar: the body of that calendar's user, then its own. */
export function deriveCalendarItemId(kind: CalendarItemKind, userId: string, commandId: string): string {
  return `${prefixes[kind]}_${bodyOf(userId)}${hashBody(commandId, kind)}`;
}

/** The user whose calendar holds this booking, hold, seat or part. */
export function userOf(itemId: string): string {
  return `${prefixes.user}_${bodyOf(itemId).slice(0, bodyLength)}`;
}

/** A command's id: derived from the idempotency key within its organization, random without one. */
export function commandIdFrom(organizationId: string, idempotencyKey: string | undefined): string {
  return idempotencyKey === undefined
    ? base32(randomBytes(15))
    : hash('sha256', `${organizationId}\n${idempotencyKey}`).slice(0, 32);
}

/** Whether a command id comes from an idempotency key, so that another request may bring it again. */
export function isDerivedCommandId(commandId: string): boolean {
  return /^[0-9a-f]{32}$/.test(commandId);
}

/** UUID of the n-th event of a command: the same on every retry. RFC 9562 version 8. */
export function eventIdFrom(commandId: string, index: number): string {
  const hex = hash('sha256', `${commandId}\n${index}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What stands after the prefix. */
export function bodyOf(id: string): string {
  return id.slice(id.lastIndexOf('_') + 1);
}

function hashBody(commandId: string, salt: string): string {
  return base32(Buffer.from(hash('sha256', `${salt}\n${commandId}`).slice(0, 30), 'hex'));
}

/** Encodes whole groups of five bytes. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return text;
}

/** The same as ASCII codes, where there is much of it. */
export function writeBase32(bytes: Uint8Array, into: Uint8Array, at: number): void {
  let to = at;
  for (let from = 0; from < bytes.length; from += 5) {
    const high = (bytes[from]! << 12) | (bytes[from + 1]! << 4) | (bytes[from + 2]! >>> 4);
    const low = ((bytes[from + 2]! & 15) << 16) | (bytes[from + 3]! << 8) | bytes[from + 4]!;
    for (let shift = 15; shift >= 0; shift -= 5) into[to++] = letterCodes[(high >>> shift) & 31]!;
    for (let shift = 15; shift >= 0; shift -= 5) into[to++] = letterCodes[(low >>> shift) & 31]!;
  }
}

const letterCodes = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));

/** The bytes of what `base32` wrote. Takes nothing else. */
export function fromBase32(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 5) >> 3);
  let bits = 0;
  let value = 0;
  let length = 0;
  for (const letter of text) {
    value = (value << 5) | alphabet.indexOf(letter);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = value >>> bits;
      value &= (1 << bits) - 1;
    }
  }
  return bytes;
}
