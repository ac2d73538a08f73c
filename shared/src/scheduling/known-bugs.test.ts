import t, { type Test } from 'tap';
import { toIso } from '../kernel/time.ts';
import { chooseHosts } from './assign.ts';
import type { TeamHost, TeamQuery } from './assignment.ts';
import { judgeStart } from './judge.ts';
import type { Claim, SlotQuery } from './model.ts';
import { at, claim, everyDay, host, hours, query, schedule, span, terms, wall, weekdays } from './samples.ts';
import { findSlots } from './slots.ts';
import { findTeamSlots, judgeTeam } from './team.ts';
import { openWindows } from './windows.ts';

/** Classes of bugs that users of other schedulers have reported: offered but not bookable, clocks and zones, limits. */

function list(query: SlotQuery, from: string, to: string): string[] {
  return findSlots({ ...query, from: at(from), to: at(to) }).starts.map(toIso);
}

function listedCanBeBooked(t: Test, query: SlotQuery, from: string, to: string): void {
  const listed = new Set(findSlots({ ...query, from: at(from), to: at(to) }).starts);
  for (let start = at(from); start < at(to); start += 60_000) {
    const verdict = judgeStart({ ...query, start });
    if (listed.has(start) && !verdict.ok) t.fail(`${toIso(start)} is listed and refused`);
  }
  t.ok(listed.size > 0, `${listed.size} listed starts can be booked`);
}

const office = schedule('America/New_York', hours(weekdays, '09:00-17:00'));

t.test('a time inside a neighbour’s buffer is neither listed nor accepted', async (t) => {
  const neighbour = claim(span('2026-06-01T14:00Z', '14:30'), { buffers: [15, 20] });
  const asked = query(host(office, { claims: [neighbour] }), terms(30, { slot_interval_minutes: 5, buffer_before: 5 }));
  listedCanBeBooked(t, asked, '2026-06-01T12:00Z', '2026-06-01T22:00Z');
  const reason = (start: string) => judgeStart({ ...asked, start: at(start) });
  t.same(reason('2026-06-01T14:50Z'), { ok: false, reason: 'slot_taken' }, 'their buffer and ours add');
  t.same(reason('2026-06-01T14:55Z'), { ok: true });
  t.same(reason('2026-06-01T13:20Z'), { ok: false, reason: 'slot_taken' });
  t.same(reason('2026-06-01T13:15Z'), { ok: true });
});

t.test('nothing outside the range that was asked for', async (t) => {
  const asked = query(host(office), terms(30));
  t.same(list(asked, '2026-06-01T13:30Z', '2026-06-01T14:30Z'), ['2026-06-01T13:30:00Z', '2026-06-01T14:00:00Z']);
});

t.test('the last day of the window can be booked, also by somebody on the other side of the date line', async (t) => {
  const asked = query(host(office), terms(60, { booking_window: { type: 'calendar_days', days: 1 } }), {
    now: at('2026-06-01T12:00Z'),
  });
  listedCanBeBooked(t, asked, '2026-06-01T00:00Z', '2026-06-05T00:00Z');
  t.same(judgeStart({ ...asked, start: at('2026-06-02T20:00Z') }), { ok: true }, 'a 3rd of June in Auckland');
  t.same(judgeStart({ ...asked, start: at('2026-06-03T13:00Z') }), { ok: false, reason: 'outside_window' });
});

t.test('what a reschedule leaves behind is free, and what it takes is not', async (t) => {
  const booking = claim(span('2026-06-01T14:00Z', '15:00'));
  const moving = query(host(office, { claims: [booking] }), terms(60), { ignoreClaimId: booking.id });
  t.same(judgeStart({ ...moving, start: at('2026-06-01T14:00Z') }), { ok: true }, 'not in its own way');
  const moved = { ...moving, host: host(office, { claims: [claim(span('2026-06-01T17:00Z', '18:00'))] }) };
  listedCanBeBooked(t, moved, '2026-06-01T12:00Z', '2026-06-01T22:00Z');
  t.ok(list(moved, '2026-06-01T12:00Z', '2026-06-01T22:00Z').includes('2026-06-01T14:00:00Z'));
});

t.test('nine in the morning stays nine in the morning when the clock changes', async (t) => {
  const first = (day: string) => list(query(host(office), terms(60)), `${day}T00:00Z`, `${day}T24:00Z`)[0];
  t.equal(first('2026-10-30'), '2026-10-30T13:00:00Z');
  t.equal(first('2026-11-02'), '2026-11-02T14:00:00Z');
});

t.test('notice that ends on a day of a transition shifts no slot', async (t) => {
  const asked = (now: string) =>
    list(
      query(
        host(schedule('America/New_York', hours(everyDay, '00:00-24:00'))),
        terms(45, { min_notice_minutes: 1440 }),
        {
          now: at(now),
        },
      ),
      '2026-03-08T00:00Z',
      '2026-03-10T00:00Z',
    );
  const all = asked('2026-03-01T00:00Z');
  const later = asked('2026-03-07T11:20Z');
  t.same(
    later,
    all.filter((start) => at(start) >= at('2026-03-08T11:20Z')),
  );
});

t.test('an override that ends at midnight while travelling does so in the zone of the trip', async (t) => {
  const travelling = schedule('Europe/Berlin', hours(everyDay, '09:00-17:00'), {
    overrides: [{ date: '2026-06-02', windows: [wall('20:00-24:00')] }],
    travel: [{ start_date: '2026-06-01', end_date: '2026-06-03', timezone: 'America/New_York' }],
  });
  const day = { from: at('2026-06-02T12:00Z'), to: at('2026-06-03T12:00Z') };
  t.same(openWindows({ schedule: travelling }, day), [
    { start: at('2026-06-03T00:00Z'), end: at('2026-06-03T04:00Z') },
  ]);
});

t.test('a night does not spill into a day that an override closes', async (t) => {
  const night = schedule('Europe/London', [...hours([2], '21:00-24:00'), ...hours([3], '00:00-03:00')], {
    overrides: [{ date: '2026-06-03', windows: [] }],
  });
  const days = { from: at('2026-06-02T00:00Z'), to: at('2026-06-04T00:00Z') };
  t.same(openWindows({ schedule: night }, days), [{ start: at('2026-06-02T20:00Z'), end: at('2026-06-02T23:00Z') }]);
});

t.test('an override lands on the host’s date where UTC has another', async (t) => {
  const sydney = schedule('Australia/Sydney', hours(everyDay, '07:00-09:00'), {
    overrides: [{ date: '2026-06-02', windows: [] }],
  });
  const days = { from: at('2026-05-31T12:00Z'), to: at('2026-06-03T12:00Z') };
  t.same(
    openWindows({ schedule: sydney }, days).map(({ start }) => toIso(start)),
    ['2026-05-31T21:00:00Z', '2026-06-02T21:00:00Z'],
  );
});

t.test('limits count by the host’s day, not by UTC’s or the caller’s', async (t) => {
  const brisbane = schedule('Australia/Brisbane', hours(everyDay, '08:00-17:00'));
  // 16:00 on the 2nd, and 08:00 on the 3rd is still the 2nd of UTC.
  const booked = claim(span('2026-06-02T06:00Z', '06:30'));
  const asked = query(host(brisbane, { claims: [booked] }), terms(30, { limits: [{ per: 'day', count: 1 }] }));
  t.same(judgeStart({ ...asked, start: at('2026-06-01T23:00Z') }), { ok: false, reason: 'limit_reached' });
  t.same(judgeStart({ ...asked, start: at('2026-06-02T22:00Z') }), { ok: true });
  t.equal(list(asked, '2026-06-02T14:00Z', '2026-06-03T14:00Z').length, 18);
});

t.test('each occurrence of a series meets the limit of its own period', async (t) => {
  const claims: Claim[] = [];
  const weekly = terms(30, { limits: [{ per: 'month', count: 2 }] });
  const verdicts = ['01', '08', '15', '22', '29'].map((day) => {
    const start = at(`2026-06-${day}T14:00Z`);
    const verdict = judgeStart({ ...query(host(office, { claims: [...claims] }), weekly), start });
    if (verdict.ok) claims.push(claim({ start, end: start + 1_800_000 }));
    return verdict.ok;
  });
  t.same(verdicts, [true, true, false, false, false]);
});

t.test('a booking that moves within its day does not count against itself', async (t) => {
  const booking = claim(span('2026-06-01T14:00Z', '15:00'));
  const full = terms(60, { limits: [{ per: 'day', count: 1, minutes: 60 }] });
  const moving = query(host(office, { claims: [booking], limits: [{ per: 'week', count: 1 }] }), full, {
    ignoreClaimId: booking.id,
  });
  t.same(judgeStart({ ...moving, start: at('2026-06-01T16:00Z') }), { ok: true });
  const { ignoreClaimId, ...another } = moving;
  t.same(judgeStart({ ...another, start: at('2026-06-01T16:00Z') }), { ok: false, reason: 'limit_reached' });
});

t.test('a person’s limit counts all of their event types, an event type’s only its own', async (t) => {
  const other = claim(span('2026-06-01T14:00Z', '15:00'), { eventTypeId: 'evt_other' });
  const start = at('2026-06-01T16:00Z');
  const perType = query(host(office, { claims: [other] }), terms(60, { limits: [{ per: 'day', count: 1 }] }));
  t.same(judgeStart({ ...perType, start }), { ok: true });
  const perUser = query(host(office, { claims: [other], limits: [{ per: 'day', minutes: 90 }] }), terms(60));
  t.same(judgeStart({ ...perUser, start }), { ok: false, reason: 'limit_reached' });
});

t.test('weeks begin on Monday', async (t) => {
  const sunday = claim(span('2026-06-07T14:00Z', '15:00'));
  const daily = schedule('America/New_York', hours(everyDay, '09:00-17:00'));
  const asked = query(host(daily, { claims: [sunday] }), terms(60, { limits: [{ per: 'week', count: 1 }] }));
  t.same(judgeStart({ ...asked, start: at('2026-06-01T14:00Z') }), { ok: false, reason: 'limit_reached' });
  t.same(judgeStart({ ...asked, start: at('2026-06-08T14:00Z') }), { ok: true });
});

t.test('of two pending requests for one time only one can be confirmed', async (t) => {
  const pending = (id: string, from: string, to: string) => claim(span(`2026-06-01T${from}Z`, to), { id });
  const [first, second] = [pending('bkg_1', '14:00', '15:00'), pending('bkg_2', '14:30', '15:30')];
  const confirming = (claims: Claim[], ignoreClaimId: string, start: string) =>
    judgeStart({
      ...query(host(office, { claims }), terms(60, { starts: 'any' }), { ignoreClaimId }),
      start: at(start),
    });
  t.same(confirming([first, second], 'bkg_1', '2026-06-01T14:00Z'), { ok: false, reason: 'slot_taken' });
  t.same(confirming([first], 'bkg_1', '2026-06-01T14:00Z'), { ok: true }, 'once the other one is declined');
});

t.test('two who take the first seats are in one meeting', async (t) => {
  const seats = terms(60, { seats: 2 });
  const start = at('2026-06-01T14:00Z');
  t.same(judgeStart({ ...query(host(office), seats), start }), { ok: true });
  const taken = claim(span('2026-06-01T14:00Z', '15:00'), { id: 'bkg_1', seatsTaken: 1 });
  t.same(judgeStart({ ...query(host(office, { claims: [taken] }), seats), start }), { ok: true, joins: 'bkg_1' });
});

t.test(
  'a buffer does not space what is offered; an interval does, and bookings still keep their buffers',
  async (t) => {
    const buffered = (interval?: number) =>
      terms(20, { buffer_after: 5, ...(interval !== undefined && { slot_interval_minutes: interval }) });
    const morning = (asked: SlotQuery) =>
      list(asked, '2026-06-01T13:00Z', '2026-06-01T14:20Z').map((start) => start.slice(11, 16));
    t.same(morning(query(host(office), buffered())), ['13:00', '13:20', '13:40', '14:00']);
    t.same(morning(query(host(office), buffered(25))), ['13:00', '13:25', '13:50', '14:15']);
    const booked = host(office, { claims: [claim(span('2026-06-01T13:00Z', '13:20'), { buffers: [0, 5] })] });
    t.same(morning(query(booked, buffered(25))), ['13:25', '13:50', '14:15'], 'five minutes later, with no hole');
    t.same(judgeStart({ ...query(booked, buffered()), start: at('2026-06-01T13:20Z') }), {
      ok: false,
      reason: 'slot_taken',
    });
    listedCanBeBooked(t, query(booked, buffered()), '2026-06-01T13:00Z', '2026-06-01T21:00Z');
  },
);

t.test('the afternoon of the spring transition keeps its hours', async (t) => {
  const sundays = host(schedule('America/New_York', hours([0], '13:00-18:00')));
  const starts = list(query(sundays, terms(60)), '2026-03-08T00:00Z', '2026-03-09T00:00Z');
  t.same([starts.length, starts[0], starts.at(-1)], [5, '2026-03-08T17:00:00Z', '2026-03-08T21:00:00Z']);
});

function team(hosts: TeamHost[], more: Partial<TeamQuery> = {}): TeamQuery {
  return { assignment: 'round_robin', hosts, terms: terms(60), eventTypeId: 'evt_a', now: 0, ...more };
}

function staffed(userId: string, window: string, more: Partial<TeamHost> = {}): TeamHost {
  return { calendar: host(schedule('UTC', hours(everyDay, window)), { userId }), ...more };
}

const firstOfJune = { from: at('2026-06-01T00:00Z'), to: at('2026-06-02T00:00Z') };

t.test('hosts with staggered hours: no start twice, none out of order', async (t) => {
  const hosts = [staffed('a', '12:00-16:00'), staffed('b', '09:30-14:00'), staffed('c', '09:00-13:00')];
  const { starts } = findTeamSlots({ ...team(hosts), ...firstOfJune });
  t.same(
    starts,
    [...new Set(starts)].sort((a, b) => a - b),
  );
  t.equal(starts.length, 7);
});

t.test('weights are what bookings come to', async (t) => {
  const hosts = [staffed('a', '09:00-17:00', { weight: 300 }), staffed('b', '09:00-17:00', { weight: 100 })];
  const standings = new Map<string, { bookings: number; lastBookedAt: number }>();
  for (let i = 0; i < 100; i++) {
    const [chosen] = chooseHosts(team(hosts), ['a', 'b'], standings)!;
    standings.set(chosen!, { bookings: (standings.get(chosen!)?.bookings ?? 0) + 1, lastBookedAt: i });
  }
  t.equal(standings.get('a')?.bookings, 75);
  t.equal(standings.get('b')?.bookings, 25);
});

t.test('a mistake in the question is not told as nobody being there', async (t) => {
  const asked = { ...team([staffed('a', '09:00-17:00'), staffed('b', '12:00-14:00')]), durationMinutes: 45 };
  t.match(judgeTeam({ ...asked, start: at('2026-06-01T10:00Z') }), { ok: false, reason: 'duration_not_offered' });
});

t.test('two of five and one of two', async (t) => {
  const people = ['09', '10', '11', '12', '13'].map((hour) =>
    staffed(`p${hour}`, `${hour}:00-${Number(hour) + 2}:00`, { group: 'people' }),
  );
  const rooms = [staffed('r1', '09:00-11:00', { group: 'rooms' }), staffed('r2', '13:00-15:00', { group: 'rooms' })];
  const groups = [{ name: 'people', take: 2 }];
  const { starts, hostsAt } = findTeamSlots({ ...team([...people, ...rooms], { groups }), ...firstOfJune });
  t.same(
    starts.map((start) => [toIso(start).slice(11, 16), hostsAt(start).join(' ')]),
    [
      ['10:00', 'p09 p10 r1'],
      ['13:00', 'p12 p13 r2'],
    ],
  );
});
