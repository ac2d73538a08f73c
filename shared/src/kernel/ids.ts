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
  const letters = Buffer.allocUnsafe((bytes.length / 5) * 8);
  writeBase32(bytes, 0, bytes.length, letters, 0);
  return letters.toString('latin1');
}

/** The same as ASCII codes of the bytes from one to another, where there is much of it. */
export function writeBase32(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): void {
  for (let byte = from, letter = at; byte < to; byte += 5, letter += 8) {
    const [a, b, c] = [bytes[byte]!, bytes[byte + 1]!, bytes[byte + 2]!];
    const [d, e] = [bytes[byte + 3]!, bytes[byte + 4]!];
    into[letter] = letterCodes[a >>> 3]!;
    into[letter + 1] = letterCodes[((a & 7) << 2) | (b >>> 6)]!;
    into[letter + 2] = letterCodes[(b >>> 1) & 31]!;
    into[letter + 3] = letterCodes[((b & 1) << 4) | (c >>> 4)]!;
    into[letter + 4] = letterCodes[((c & 15) << 1) | (d >>> 7)]!;
    into[letter + 5] = letterCodes[(d >>> 2) & 31]!;
    into[letter + 6] = letterCodes[((d & 3) << 3) | (e >>> 5)]!;
    into[letter + 7] = letterCodes[e & 31]!;
  }
}

const letterCodes = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const valueOfCode = new Uint8Array(128);
for (const [value, code] of letterCodes.entries()) valueOfCode[code] = value;

/** The bytes of what `base32` wrote. Takes nothing else. */
export function fromBase32(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 5) >> 3);
  let bits = 0;
  let value = 0;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    value = (value << 5) | valueOfCode[text.charCodeAt(at)]!;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = value >>> bits;
      value &= (1 << bits) - 1;
    }
  }
  return bytes;
}
