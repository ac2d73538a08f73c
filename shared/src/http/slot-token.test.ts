import { createCipheriv, createHmac } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { fromBase32, newId } from '../kernel/ids.ts';
import { minute } from '../kernel/time.ts';
import { createSlotTokens, endingLength, slotLifeMs, wordAt } from './slot-token.ts';

const key = Buffer.alloc(32, 1);
const tokens = createSlotTokens(key);
const now = Date.parse('2026-11-24T14:00:30Z');
const ofHosts = {
  eventTypeId: newId('eventType'),
  start: Date.parse('2026-11-26T09:00:00Z'),
  durationMinutes: 30,
};
const offer = { ...ofHosts, userId: newId('user') };

t.test('a slot id says what was offered', async (t) => {
  const minutes = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(minutes, fc.integer({ min: 1, max: 1440 }), (at, durationMinutes) => {
      const any = { eventTypeId: newId('eventType'), userId: newId('user'), start: at * minute, durationMinutes };
      t.match(tokens.read(tokens.issue(any, now)), any);
    }),
    { numRuns: 50 },
  );
  t.match(tokens.issue(offer, now), /^slot_[0-9a-z]{88}$/);
  t.equal(tokens.issue(offer, now), tokens.issue(offer, now + 20_000), 'the same within a minute');
});

t.test('or leaves to the event type who it will be', async (t) => {
  const { expiresAt, ...read } = tokens.read(tokens.issue(ofHosts, now));
  t.same(read, ofHosts);
  t.ok(expiresAt > now);
});

t.test('many at once are each what it is alone', async (t) => {
  const starts = Array.from({ length: 40 }, (_, i) => offer.start + i * 7 * minute);
  for (const { start: _, ...alike } of [offer, ofHosts]) {
    const words = tokens.issueAll(alike, starts, now);
    starts.forEach((start, place) => {
      t.equal(wordAt(words, place), tokens.issue({ ...alike, start }, now));
    });
    const around = Buffer.alloc(endingLength + 2, '.');
    words.writeEnding(7, around, 1);
    t.equal(`${around}`, `.${wordAt(words, 7).slice(words.beginning.length)}.`, 'writes where it is told to');
  }
});

t.test('its MAC is AES under a key that HMAC derives', async (t) => {
  const bytes = Buffer.from(fromBase32(tokens.issue(offer, now).slice('slot_'.length)));
  const derived = createHmac('sha256', key).update(bytes.subarray(0, 35)).digest();
  const block = Buffer.alloc(16);
  block.set(bytes.subarray(35, 41));
  const mac = createCipheriv('aes-256-ecb', derived, null).setAutoPadding(false).update(block);
  t.same(bytes.subarray(41), mac.subarray(0, 14));
});

t.test('it lasts for a while', async (t) => {
  const { expiresAt } = tokens.read(tokens.issue(offer, now));
  t.ok(expiresAt >= now + slotLifeMs && expiresAt < now + slotLifeMs + minute);
});

t.test('nobody else can make one', async (t) => {
  const slotId = tokens.issue(offer, now);
  const invalid = (text: string) => t.throws(() => tokens.read(text), { code: 'invalid_slot_id' }, text);
  for (const genuine of [slotId, tokens.issue(ofHosts, now)]) {
    for (let at = 5; at < genuine.length; at += 1) {
      invalid(genuine.slice(0, at) + (genuine[at] === '0' ? '1' : '0') + genuine.slice(at + 1));
    }
  }
  for (const text of ['', 'slot_', slotId.slice(0, -1), `${slotId}0`, slotId.toUpperCase(), slotId.slice(5), 'slot_1'])
    invalid(text);
  invalid(createSlotTokens(Buffer.alloc(32, 2)).issue(offer, now));
});

t.test('nor make one of two: an ending goes with its own beginning', async (t) => {
  const ending = (slotId: string) => slotId.slice(-endingLength);
  const slotId = tokens.issue(offer, now);
  const beginning = slotId.slice(0, -endingLength);
  for (const other of [{ ...offer, userId: newId('user') }, { ...offer, eventTypeId: newId('eventType') }, ofHosts]) {
    const mixed = beginning + ending(tokens.issue(other, now));
    t.throws(() => tokens.read(mixed), { code: 'invalid_slot_id' });
  }
  const later = beginning + ending(tokens.issue(offer, now + minute));
  t.throws(() => tokens.read(later), { code: 'invalid_slot_id' }, 'nor lengthen its life');
});
