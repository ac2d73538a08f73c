import { day } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import fc from 'fast-check';
import t from 'tap';
import * as calendar from '../decider.ts';
import type { CalendarEvent } from '../events.ts';
import { foldBusy } from '../folds/external-busy.ts';
import { at, book, friday, mirror, mirrored, opened } from '../samples.ts';
import { initialCalendar } from '../state/state.ts';

const given = scenario(calendar);
const range = (start: string, end: string) => ({ start: at(start), end: at(end) });
const morning = range('2026-05-04T09:00:00Z', '2026-05-04T10:00:00Z');

t.test('mirroring busy time', async (t) => {
  t.test('records it sorted, cut to its window, touching pieces in one', async (t) => {
    given(t)
      .when(
        mirror({
          busy: [
            range('2026-05-04T09:30:00Z', '2026-05-04T10:00:00Z'),
            range('2026-04-30T23:00:00Z', '2026-05-01T01:00:00Z'),
            range('2026-05-04T09:00:00Z', '2026-05-04T09:30:00Z'),
            range('2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z'),
            range('2026-05-06T10:00:00Z', '2026-05-06T09:00:00Z'),
          ],
        }),
      )
      .then(
        opened,
        mirrored([
          ['2026-05-01T00:00:00Z', '2026-05-01T01:00:00Z'],
          ['2026-05-04T09:00:00Z', '2026-05-04T10:00:00Z'],
        ]),
      );
  });

  t.test('changes nothing where it is known already', async (t) => {
    const known = mirrored([['2026-05-04T09:00:00Z', '2026-05-04T10:00:00Z']]);
    given(t, opened, known)
      .when(mirror({ busy: [morning] }))
      .thenNothing();
    given(t, opened).when(mirror()).thenNothing();
    const past = range('2026-01-01T09:00:00Z', '2026-01-01T10:00:00Z');
    given(t, opened, known)
      .when(mirror({ busy: [past, morning], window: range('2025-01-01T00:00:00Z', '2026-06-01T00:00:00Z') }))
      .thenNothing();
  });

  t.test('replaces what the source said of that window, and only that', async (t) => {
    const known = mirrored([
      ['2026-05-04T09:00:00Z', '2026-05-04T10:00:00Z'],
      ['2026-05-06T09:00:00Z', '2026-05-06T10:00:00Z'],
    ]);
    const monday = { window_start: '2026-05-04T00:00:00Z', window_end: '2026-05-05T00:00:00Z' };
    const state = given(t, opened, known)
      .when(mirror({ window: range(monday.window_start, monday.window_end) }))
      .then(mirrored([], monday));
    t.same(state.busy, { 'conn_1:primary': [range('2026-05-06T09:00:00Z', '2026-05-06T10:00:00Z')] });
  });

  t.test('keeps sources apart; any of them is in the way', async (t) => {
    const busy = [['2026-05-04T09:00:00Z', '2026-05-04T10:00:00Z']] as const;
    const other = mirrored([], { source: 'conn_2:primary' });
    given(t, opened, mirrored(busy), other).when(book()).thenRefused('slot_taken');
    given(t, opened, mirrored(busy), mirrored([]))
      .when(book())
      .then({ ...booking() });
  });
});

t.test('after any mirroring, the source says within its window what it said last', async (t) => {
  const interval = fc.tuple(fc.nat(60), fc.nat(20)).map(([start, length]) => ({ start, end: start + length }));
  const said = fc.record({ window: interval, busy: fc.array(interval, { maxLength: 8 }) });
  fc.assert(
    fc.property(fc.array(said, { maxLength: 12 }), (steps) => {
      const model = new Set<number>();
      let state = { ...initialCalendar, latest: friday };
      for (const { window, busy } of steps) {
        for (let hour = window.start; hour < window.end; hour += 1) {
          if (busy.some(({ start, end }) => start <= hour && hour < end)) model.add(hour);
          else model.delete(hour);
        }
        const command = mirror({ window: hours(window), busy: busy.map(hours) });
        for (const event of calendar.decide(command, state)) state = folded(state, event);
      }
      const intervals = Object.values(state.busy).flat();
      const found = intervals.flatMap(({ start, end }) => hoursBetween(start, end));
      const apart = intervals.every(({ start }, index) => index === 0 || intervals[index - 1]!.end < start);
      return apart && JSON.stringify(found) === JSON.stringify([...model].sort((a, b) => a - b));
    }),
  );
  t.pass('held against a set of hours');
});

const hourMs = day / 24;
const hours = ({ start, end }: { start: number; end: number }) => ({
  start: friday + start * hourMs,
  end: friday + end * hourMs,
});

function hoursBetween(start: number, end: number): number[] {
  return Array.from({ length: (end - start) / hourMs }, (_, index) => (start - friday) / hourMs + index);
}

function folded(state: typeof initialCalendar, event: CalendarEvent): typeof initialCalendar {
  return event.type === 'calendar.external-busy-mirrored.v1' ? { ...state, busy: foldBusy(state, event.data) } : state;
}

function booking(): CalendarEvent {
  return calendar.decide(book(), given(t, opened).state)[0]!;
}
