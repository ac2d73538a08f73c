import fc from 'fast-check';
import t from 'tap';
import type { TeamQuery } from './assignment.ts';
import { at, everyDay, host, hours, schedule, span, terms } from './samples.ts';
import { findSequences } from './sequence.ts';
import { findTeamSlots, judgeTeam } from './team.ts';

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

t.test('the same as trying everything', async (t) => {
  const time = fc.integer({ min: 9 * 4, max: 16 * 4 });
  const text = (quarters: number) =>
    `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`;
  const busy = fc
    .tuple(time, fc.integer({ min: 1, max: 8 }))
    .map(([start, length]): [string, string] => [text(start), text(start + length)]);
  const parts = fc.tuple(
    ...['a', 'b', 'c'].map((userId) =>
      fc
        .array(busy, { maxLength: 6 })
        .map((busy) => part(userId, '09:00-17:00', { terms: terms(30, { slot_interval_minutes: 15 }) }, busy)),
    ),
  );
  const gap = fc.tuple(fc.constantFrom(0, 15), fc.constantFrom(15, 45));
  const result = fc.check(
    fc.property(parts, gap, (parts, [minMinutes, maxMinutes]) => {
      const sequences = findSequences({ parts, gap: { minMinutes, maxMinutes }, ...range });
      const firsts = findTeamSlots({ ...parts[0]!, ...range }).starts.filter((start) =>
        leadsOn(start, parts, [minMinutes, maxMinutes]),
      );
      return JSON.stringify(sequences.map(([first]) => first)) === JSON.stringify(firsts);
    }),
    { numRuns: 200 },
  );
  t.notOk(result.failed, fc.defaultReportMessage(result) ?? '');
});

function leadsOn(start: number, [, ...rest]: readonly TeamQuery[], gap: readonly [number, number]): boolean {
  if (rest.length === 0) return true;
  for (let minutes = gap[0]; minutes <= gap[1]; minutes++) {
    const next = start + (30 + minutes) * 60_000;
    if (judgeTeam({ ...rest[0]!, start: next }).ok && leadsOn(next, rest, gap)) return true;
  }
  return false;
}
