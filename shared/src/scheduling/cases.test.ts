import t from 'tap';
import { toIso } from '../kernel/time.ts';
import { judgeStart } from './judge.ts';
import type { HostCalendar, Schedule, SlotQuery, Terms } from './model.ts';
import { at, claim, everyDay, host, hours, istDay, query, schedule, span, terms, wall, weekdays } from './samples.ts';
import { findSlots } from './slots.ts';
import { openWindows } from './windows.ts';

/** The worked cases of the product's rules, by their numbers. */

const day = (date: string) => ({ from: at(`${date}T00:00Z`), to: at(`${date}T24:00Z`) });

function windows(schedule: Schedule, from: string, to: string): string[] {
  return openWindows({ schedule }, { from: at(`${from}T00:00Z`), to: at(`${to}T24:00Z`) }).map(
    ({ start, end }) => `${toIso(start).slice(5, 16)}–${toIso(end).slice(11, 16)}`,
  );
}

function starts(host: HostCalendar, terms: Terms, date: string, more: Partial<SlotQuery> = {}): string[] {
  return findSlots({ ...query(host, terms, more), ...day(date) }).starts.map((start) => toIso(start).slice(11, 16));
}

const monday = '2024-06-03';
const openAllDay = schedule('UTC', hours(everyDay, '00:00-24:00'));

t.test('1: weekdays in New York, once its clock is back', async (t) => {
  const found = windows(schedule('America/New_York', hours(weekdays, '09:00-17:00')), '2023-11-05', '2023-11-30');
  t.equal(found.length, 19);
  for (const window of found) t.match(window, /T14:00–22:00$/);
});

t.test('2: the afternoon of the spring transition', async (t) => {
  const sundays = schedule('America/New_York', hours([0], '13:00-18:00'));
  t.same(windows(sundays, '2026-03-08', '2026-03-08'), ['03-08T17:00–22:00']);
});

t.test('3, 4: an override replaces the whole day, or closes it', async (t) => {
  const newYork = schedule('America/New_York', hours(weekdays, '08:00-17:00'), {
    overrides: [{ date: '2023-06-13', windows: [wall('10:00-15:00')] }],
  });
  t.same(windows(newYork, '2023-06-13', '2023-06-14'), ['06-13T14:00–19:00', '06-14T12:00–21:00']);
  const london = schedule('Europe/London', hours(weekdays, '08:00-17:00'), {
    overrides: [{ date: '2023-06-13', windows: [] }],
  });
  t.same(windows(london, '2023-06-13', '2023-06-14'), ['06-14T07:00–16:00']);
});

t.test('5: a schedule that travels', async (t) => {
  const travelling = schedule('Europe/Berlin', hours(everyDay, '08:00-17:00'), {
    travel: [
      { start_date: '2023-01-03', end_date: '2023-01-04', timezone: 'America/New_York' },
      { start_date: '2023-01-06', end_date: '2023-02-01', timezone: 'Asia/Kolkata' },
    ],
  });
  t.same(windows(travelling, '2023-01-02', '2023-01-06'), [
    '01-02T07:00–16:00',
    '01-03T13:00–22:00',
    '01-04T13:00–22:00',
    '01-05T07:00–16:00',
    '01-06T02:30–11:30',
  ]);
});

t.test('6: a night across midnight is one piece', async (t) => {
  const nights = schedule('Europe/London', [
    ...hours(weekdays, '23:00-24:00'),
    ...hours([2, 3, 4, 5, 6], '00:00-00:30'),
  ]);
  t.same(windows(nights, '2023-06-13', '2023-06-14'), ['06-13T22:00–23:30', '06-14T22:00–23:30']);
  t.same(starts(host(nights), terms(90), '2023-06-13'), ['22:00']);
});

t.test('7: busy time in any order', async (t) => {
  const early = schedule('UTC', hours(everyDay, '04:00-12:00'));
  const busy = [span('2024-06-03T04:45Z', '05:00'), span('2024-06-03T04:00Z', '04:15')];
  for (const order of [busy, busy.toReversed()]) {
    const found = starts(host(early, { busy: order }), terms(15), monday);
    t.same(found.slice(0, 3), ['04:15', '04:30', '05:00']);
    t.equal(found.length, 2 + 28);
  }
});

t.test('8: an empty day', async (t) => {
  const count = (duration: number, interval: number, schedule = openAllDay) =>
    starts(host(schedule), terms(duration, { slot_interval_minutes: interval }), monday).length;
  t.equal(count(60, 60), 24);
  t.equal(count(30, 60), 24);
  t.equal(count(20, 20), 72);
  t.equal(count(20, 20, schedule('UTC', hours(everyDay, '00:00-23:45'))), 71);
});

t.test('9, 10: starts lie on the hour of the host', async (t) => {
  t.same(starts(host(schedule('Asia/Kolkata', hours(everyDay, '07:30-09:30'))), terms(60), monday), ['02:30']);
  const angeles = host(schedule('America/Los_Angeles', hours(everyDay, '08:00-12:30')), {
    busy: [span('2024-06-03T17:00Z', '17:10')],
  });
  t.same(starts(angeles, terms(60), monday), ['15:00', '16:00', '18:00']);
});

t.test('11, 12: intervals that are no divisor of an hour', async (t) => {
  const free = starts(host(istDay), terms(45), monday);
  t.equal(free.length, 11);
  t.same([free[0], free[1], free.at(-1)], ['04:00', '04:45', '11:30']);
  t.same(starts(host(istDay, { busy: [span('2024-06-03T04:45Z', '23:00')] }), terms(45), monday), ['04:00']);
  const booked = starts(host(istDay, { claims: [claim(span('2024-06-03T04:00Z', '04:15'))] }), terms(45), monday);
  t.equal(booked.length, 11);
  t.same([booked[0], booked[1], booked.at(-1)], ['04:15', '05:00', '11:45']);
  const every2h = starts(host(istDay), terms(30, { slot_interval_minutes: 120 }), monday);
  t.same(every2h, ['04:30', '06:30', '08:30', '10:30']);
});

t.test('13: buffers of two bookings add, busy time has none', async (t) => {
  const buffered = terms(120, { buffer_before: 120, buffer_after: 120 });
  const early = span('2024-06-03T04:00Z', '06:00');
  t.same(starts(host(istDay, { busy: [early] }), buffered, monday), ['08:30', '10:30']);
  t.same(starts(host(istDay, { claims: [claim(early, { buffers: [120, 120] })] }), buffered, monday), ['10:30']);
});

t.test('14: notice filters and the grid stays', async (t) => {
  const now = at('2024-06-02T18:30Z');
  const withNotice = (hours: number) =>
    starts(host(istDay), terms(120, { min_notice_minutes: hours * 60 }), monday, { now });
  t.same(withNotice(10), ['04:30', '06:30', '08:30', '10:30']);
  t.same(withNotice(13), ['08:30', '10:30']);
});

t.test('16: a booking window of two days after today, whatever is left of today', async (t) => {
  const two = terms(60, { booking_window: { type: 'calendar_days', days: 2 } });
  const open = (now: string) =>
    ['2024-05-31', '2024-06-01', '2024-06-02', '2024-06-03'].map(
      (date) => starts(host(istDay), two, date, { now: at(now) }).length > 0,
    );
  t.same(open('2024-05-31T01:30Z'), [true, true, true, false]);
  t.same(open('2024-05-31T12:00Z'), [false, true, true, false]);
});

t.test('17: expired holds block nothing; live ones, and bookings of any kind, do', async (t) => {
  const hold = claim(span('2024-06-03T05:00Z', '06:00'), { expiresAt: at('2024-06-01T00:10Z') });
  const held = query(host(istDay, { claims: [hold] }), terms(60));
  const start = at('2024-06-03T05:00Z');
  t.same(judgeStart({ ...held, start: at('2024-06-03T05:30Z'), now: at('2024-06-01T00:09Z') }), {
    ok: false,
    reason: 'slot_taken',
  });
  t.same(judgeStart({ ...held, start: at('2024-06-03T05:30Z'), now: at('2024-06-01T00:10Z') }), { ok: true });
  t.same(judgeStart({ ...held, start, ignoreClaimId: hold.id, terms: terms(60, { starts: 'any' }) }), { ok: true });
});

t.test('18, 19: windows over a transition last as long as the clock does', async (t) => {
  const night = (zone: string) => schedule(zone, hours(everyDay, '01:00-03:00'));
  t.same(windows(night('America/New_York'), '2026-03-08', '2026-03-08'), ['03-08T06:00–07:00']);
  t.same(windows(night('America/New_York'), '2026-11-01', '2026-11-01'), ['11-01T05:00–08:00']);
  t.same(windows(night('Australia/Lord_Howe'), '2026-10-03', '2026-10-03'), ['10-03T14:30–16:00']);
});
