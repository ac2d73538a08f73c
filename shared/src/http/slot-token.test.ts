import fc from 'fast-check';
import t from 'tap';
import { newId } from '../kernel/ids.ts';
import { minute } from '../kernel/time.ts';
import { createSlotTokens, slotLifeMs } from './slot-token.ts';

const key = Buffer.alloc(32, 1);
const tokens = createSlotTokens(key);
const now = Date.parse('2026-11-24T14:00:30Z');
const offer = {
  eventTypeId: newId('eventType'),
  userId: newId('user'),
  start: Date.parse('2026-11-26T09:00:00Z'),
  durationMinutes: 30,
};

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

t.test('it lasts for a while', async (t) => {
  const { expiresAt } = tokens.read(tokens.issue(offer, now));
  t.ok(expiresAt >= now + slotLifeMs && expiresAt < now + slotLifeMs + minute);
});

t.test('nobody else can make one', async (t) => {
  const slotId = tokens.issue(offer, now);
  const invalid = (text: string) => t.throws(() => tokens.read(text), { code: 'invalid_slot_id' }, text);
  for (let at = 5; at < slotId.length; at += 1) {
    invalid(slotId.slice(0, at) + (slotId[at] === '0' ? '1' : '0') + slotId.slice(at + 1));
  }
  for (const text of ['', 'slot_', slotId.slice(0, -1), `${slotId}0`, slotId.toUpperCase(), slotId.slice(5), 'slot_1'])
    invalid(text);
  invalid(createSlotTokens(Buffer.alloc(32, 2)).issue(offer, now));
});
