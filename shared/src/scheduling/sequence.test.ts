import t from 'tap';
import type { TeamQuery } from './assignment.ts';
import type { HostCalendar, Limit } from './model.ts';
import { at, everyDay, host, hours, schedule, span, terms } from './samples.ts';
import { findSequences } from './sequence.ts';

const range = { from: at('2026-06-01T00:00Z'), to: at('2026-06-02T00:00Z') };

function part(userId: string, window: string, more: Partial<TeamQuery> = {}, busy: [string, string][] = []): TeamQuery {
  const calendar = host(schedule('UTC', hours(everyDay, window)), {
    userId,
    busy: busy.map(([start, end]) => span(`2026-06-01T${start}Z`, end)),
  });
  return { assignment: 'single', hosts: [{ calendar }], terms: terms(30), eventTypeId: 'evt_a', now: 0, ...more };
}

function found(parts: TeamQuery[], minMinutes: number, maxMinutes: number): string[] {
  return findSequences({ parts, gap: { minMinutes, maxMinutes }, ...range }).map((starts) =>
    starts.map((start) => new Date(start).toISOString().slice(11, 16)).join(' '),
  );
}

t.test('first with A, then with B, within the gap', async (t) => {
  const parts = [part('a', '09:00-11:00'), part('b', '10:00-12:00')];
  t.same(found(parts, 0, 0), ['09:30 10:00', '10:00 10:30', '10:30 11:00']);
  t.same(found(parts, 0, 30), ['09:00 10:00', '09:30 10:00', '10:00 10:30', '10:30 11:00']);
  t.same(found(parts, 60, 60), ['09:00 10:30', '09:30 11:00', '10:00 11:30']);
});

t.test('a first step that leads nowhere is not offered', async (t) => {
  const parts = [
    part('a', '09:00-10:00'),
    part('b', '09:00-12:00', {}, [['10:00', '10:30']]),
    part('c', '09:00-12:00', {}, [['10:00', '11:00']]),
  ];
  t.same(found(parts, 0, 30), ['09:30 10:30 11:00']);
});

t.test('a host of two parts keeps the buffers of both', async (t) => {
  const buffered = terms(30, { buffer_after: 30 });
  t.same(found([part('a', '09:00-11:00', { terms: buffered }), part('a', '09:00-11:00')], 0, 60).slice(0, 1), [
    '09:00 10:00',
  ]);
  const around = [part('a', '09:00-11:00', { terms: terms(30, { buffer_after: 60 }) }), part('b', '09:00-11:00')];
  t.same(found([...around, part('a', '09:00-12:00')], 0, 30).slice(0, 1), ['09:00 09:30 10:30']);
});

t.test('two parts that a limit leaves room for one of are no sequence', async (t) => {
  const limited = (limits: TeamQuery['terms']['limits']) => {
    const one = part('a', '09:00-11:00', { terms: terms(30, { limits: limits! }) });
    return found([one, one], 0, 30).length;
  };
  t.equal(limited([{ per: 'day', count: 1 }]), 0);
  t.equal(limited([{ per: 'day', count: 2 }]), 3);
});

t.test('whoever of a pool takes a part, the others can be booked', async (t) => {
  const calendar = (userId: string, limits: Limit[] = []) =>
    host(schedule('UTC', hours(everyDay, '09:00-11:00')), { userId, limits });
  const pool = (...calendars: HostCalendar[]) =>
    part('', '09:00-11:00', { assignment: 'round_robin', hosts: calendars.map((calendar) => ({ calendar })) });
  const once: Limit[] = [{ per: 'day', count: 1 }];
  const [a, b, c] = ['a', 'b', 'c'].map((userId) => calendar(userId, once)) as [
    HostCalendar,
    HostCalendar,
    HostCalendar,
  ];
  t.equal(found([pool(a), pool(a)], 0, 0).length, 0, 'the only one of a pool cannot do both');
  t.equal(found([pool(a, b), pool(a, b)], 0, 0).length, 3, 'the other one can');
  t.equal(found([pool(a, b), pool(a)], 0, 0).length, 0, 'the one who has to do the second may be given the first');
  t.equal(found([pool(a, b), pool(b, c), pool(a, b, c)], 0, 0).length, 2, 'two of three are gone by the third');
  t.equal(found([pool(a, b), pool(a, b), pool(a, b)], 0, 0).length, 0, 'nobody is left for the third');
  const hour: Limit[] = [{ per: 'day', minutes: 60 }];
  const [d, e] = [calendar('d', hour), calendar('e', hour)];
  t.equal(found([pool(d, e), pool(d, e), pool(d, e)], 0, 0).length, 2, 'both parts before take all of one of them');
});

t.test('where a limit has room for one part a day, the next one is on the next day', async (t) => {
  const one = part('a', '09:00-11:00', { terms: terms(60, { limits: [{ per: 'day', count: 1 }] }) });
  t.same(found([one, one], 0, 1440), ['09:00 09:00', '10:00 09:00']);
});

t.test('a search through a year that finds nothing comes to an end', async (t) => {
  const open = host(schedule('UTC', hours(everyDay, '00:00-24:00')), {
    userId: 'a',
    limits: [{ per: 'year', count: 1 }],
  });
  const one = part('', '00:00-24:00', { hosts: [{ calendar: open }], terms: terms(30, { slot_interval_minutes: 5 }) });
  const year = { from: at('2026-01-01T00:00Z'), to: at('2026-12-31T00:00Z') };
  t.same(findSequences({ parts: [one, one], gap: { minMinutes: 0, maxMinutes: 10_080 }, ...year }), []);
});
