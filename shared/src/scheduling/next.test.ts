import t from 'tap';
import { toIso } from '../kernel/time.ts';
import { listOf, nearestSlots, nextSlots, previousSlots } from './next.ts';
import { at, host, hours, query, schedule, terms } from './samples.ts';
import { whyEmpty, whyTeamEmpty } from './why-empty.ts';

/** Mondays from nine to eleven, an hour each. */
const mondays = schedule('UTC', hours([1], '09:00-11:00'));
const asked = query(host(mondays), terms(60), { now: at('2026-06-01T09:30Z') });
const list = listOf(asked);
const texts = (starts: readonly number[]) => starts.map((start) => toIso(start).slice(5, 16));

t.test('the next ones from an instant, over weeks without any', async (t) => {
  t.same(texts(nextSlots(list, at('2026-06-01T00:00Z'), 4)), [
    '06-01T10:00',
    '06-08T09:00',
    '06-08T10:00',
    '06-15T09:00',
  ]);
  t.same(nextSlots(list, at('2026-06-02T00:00Z'), 3, at('2026-06-07T00:00Z')), []);
  const never = listOf(query(host(schedule('UTC', [])), terms(60)));
  t.same(nextSlots(never, at('2026-06-01T00:00Z'), 3), []);
});

t.test('the nearest on both sides of an empty range, none in the past', async (t) => {
  const range = (from: string, to: string) => ({ from: at(from), to: at(to), now: asked.now });
  t.same(texts(nearestSlots(list, range('2026-06-10T00:00Z', '2026-06-12T00:00Z'))), [
    '06-08T09:00',
    '06-08T10:00',
    '06-15T09:00',
  ]);
  t.same(texts(nearestSlots(list, range('2026-06-02T00:00Z', '2026-06-03T00:00Z'), 2)), ['06-01T10:00', '06-08T09:00']);
  t.same(texts(previousSlots(list, at('2026-06-16T00:00Z'), 3, asked.now)), [
    '06-08T10:00',
    '06-15T09:00',
    '06-15T10:00',
  ]);
});

t.test('a team is asked in the same way', async (t) => {
  const hosts = [
    { calendar: host(mondays) },
    { calendar: host(schedule('UTC', hours([2], '09:00-10:00')), { userId: 'b' }) },
  ];
  const { host: _, ...shared } = asked;
  const team = { ...shared, assignment: 'round_robin' as const, hosts };
  t.same(texts(nextSlots(listOf(team), at('2026-06-01T00:00Z'), 3)), ['06-01T10:00', '06-02T09:00', '06-08T09:00']);
  const wednesday = { from: at('2026-06-03T00:00Z'), to: at('2026-06-04T00:00Z') };
  t.equal(whyTeamEmpty({ ...team, ...wednesday }), 'outside_hours');
  t.equal(whyTeamEmpty({ ...team, ...wednesday, hosts: [] }), 'host_unavailable');
});

t.test('why there is nothing', async (t) => {
  const why = (from: string, to: string, more: Partial<typeof asked> = {}) =>
    whyEmpty({ ...asked, ...more, from: at(from), to: at(to) });
  t.equal(why('2026-05-25T00:00Z', '2026-05-26T00:00Z'), 'too_soon');
  t.equal(why('2026-06-01T00:00Z', '2026-06-01T10:00Z'), 'too_soon', 'only nine o’clock was left');
  t.equal(why('2026-06-02T00:00Z', '2026-06-03T00:00Z'), 'outside_hours');
  t.equal(why('2026-06-08T00:00Z', '2026-06-09T00:00Z'), undefined);
  const near = terms(60, { booking_window: { type: 'calendar_days', days: 3 } });
  t.equal(why('2026-06-08T00:00Z', '2026-06-09T00:00Z', { terms: near }), 'outside_window');
  const busy = host(mondays, { busy: [{ start: at('2026-06-08T00:00Z'), end: at('2026-06-09T00:00Z') }] });
  t.equal(why('2026-06-08T00:00Z', '2026-06-09T00:00Z', { host: busy }), 'slot_taken');
  const short = terms(60, { limits: [{ per: 'day', minutes: 30 }] });
  t.equal(why('2026-06-08T00:00Z', '2026-06-09T00:00Z', { terms: short }), 'limit_reached');
  t.equal(why('2026-06-08T09:10Z', '2026-06-08T09:50Z'), 'off_grid');
  t.equal(why('2026-06-08T00:00Z', '2026-06-09T00:00Z', { durationMinutes: 45 }), 'duration_not_offered');
});
