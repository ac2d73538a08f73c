import t from 'tap';
import { toIso } from '../kernel/time.ts';
import { judgeStart } from './judge.ts';
import type { Claim } from './model.ts';
import { at, claim, host, hours, query, schedule, span, terms, weekdays } from './samples.ts';
import { findSlots } from './slots.ts';

const office = schedule('UTC', hours(weekdays, '09:00-12:00'));
const ten = span('2026-06-01T10:00Z', '11:00');

function course(claims: Claim[], more: Parameters<typeof terms>[1] = {}) {
  return query(host(office, { claims }), terms(60, { seats: 3, ...more }));
}

function starts(asked: ReturnType<typeof course>): string[] {
  const day = { from: at('2026-06-01T00:00Z'), to: at('2026-06-02T00:00Z') };
  return findSlots({ ...asked, ...day }).starts.map((start) => toIso(start).slice(11, 16));
}

t.test('a start with seats left stays a slot, and says what one joins', async (t) => {
  const asked = course([claim(ten, { id: 'bkg_course', seatsTaken: 2, buffers: [15, 15] })], { buffer_after: 30 });
  t.same(starts(asked), ['10:00'], 'its buffers and ours keep the other starts away');
  t.same(judgeStart({ ...asked, start: ten.start }), { ok: true, joins: 'bkg_course' });
});

t.test('a full one is taken', async (t) => {
  const asked = course([claim(ten, { seatsTaken: 3 })]);
  t.same(starts(asked), ['09:00', '11:00']);
  t.same(judgeStart({ ...asked, start: ten.start }), { ok: false, reason: 'slot_taken' });
});

t.test('live holds take seats beside the booking', async (t) => {
  const now = at('2026-05-31T00:00Z');
  const hold = (id: string) => claim(ten, { id, expiresAt: now + 1 });
  const asked = course([claim(ten, { id: 'bkg_course', seatsTaken: 1 }), hold('hold_1'), hold('hold_2')]);
  t.same(judgeStart({ ...asked, now, start: ten.start }), { ok: false, reason: 'slot_taken' });
  t.same(judgeStart({ ...asked, now, start: ten.start, ignoreClaimId: 'hold_1' }), { ok: true, joins: 'bkg_course' });
  t.same(judgeStart({ ...asked, now: now + 1, start: ten.start }), { ok: true, joins: 'bkg_course' });
});

t.test('a full day still takes attendees of what it has', async (t) => {
  const asked = course([claim(ten, { seatsTaken: 1 })], { limits: [{ per: 'day', count: 1 }] });
  t.same(starts(asked), ['10:00']);
  t.same(judgeStart({ ...asked, start: at('2026-06-01T09:00Z') }), { ok: false, reason: 'limit_reached' });
});

t.test('only the same meeting can be joined', async (t) => {
  const other = claim(ten, { eventTypeId: 'evt_other', seatsTaken: 1 });
  t.same(judgeStart({ ...course([other]), start: ten.start }), { ok: false, reason: 'slot_taken' });
  const shorter = claim(span('2026-06-01T10:00Z', '10:30'), { seatsTaken: 1 });
  t.same(judgeStart({ ...course([shorter]), start: ten.start }), { ok: false, reason: 'slot_taken' });
  const busy = { ...course([claim(ten, { seatsTaken: 1 })]) };
  const blocked = { ...busy, host: { ...busy.host, busy: [span('2026-06-01T10:30Z', '10:45')] } };
  t.same(judgeStart({ ...blocked, start: ten.start }), { ok: false, reason: 'slot_taken' });
});
