import { minute } from '@agentcal/shared/kernel/time';
import { dayOfDate } from '@agentcal/shared/scheduling/dates';
import type { SlotQuery } from '@agentcal/shared/scheduling/model';
import { zoneOf } from '@agentcal/shared/scheduling/zone';
import t from 'tap';
import type { DayWindow } from '../../language/model.ts';
import { listedRange, spanOf, startsIn, suits, whyNoneIn } from './spans.ts';

const at = (text: string) => Date.parse(text);
const weekdays = [1, 2, 3, 4, 5].map((day_of_week) => ({ day_of_week, start_time: '09:00', end_time: '17:00' }));
/** Monday to Friday, nine to five in New York; 45 minutes each, one after the other. */
const query: SlotQuery = {
  terms: { duration_minutes: 45, buffer_before: 0, buffer_after: 0, min_notice_minutes: 0 },
  eventTypeId: 'evt_1',
  host: {
    userId: 'usr_1',
    schedule: { timezone: 'America/New_York', rules: weekdays },
    away: [],
    busy: [],
    claims: [],
  },
  now: at('2026-11-20T12:00:00Z'),
};

function span(date: string, from: number, to: number, more: Partial<DayWindow> = {}, zone = 'America/New_York') {
  return spanOf({ day: dayOfDate(date), from: from * 60, to: to * 60, ...more }, zoneOf(zone));
}

function found(spans: Parameters<typeof startsIn>[0], more: Partial<SlotQuery> = {}): string[] {
  return startsIn(spans, { ...query, ...more }).starts.map((start) => new Date(start).toISOString().slice(5, 16));
}

t.test('windows become instants of the zone in which they were said', async (t) => {
  t.match(span('2026-11-24', 12, 17, {}, 'Europe/Berlin'), {
    kind: 'starts_within',
    start: at('2026-11-24T11:00:00Z'),
    end: at('2026-11-24T16:00:00Z'),
  });
  t.equal(span('2026-11-24', 0, 24).end, at('2026-11-25T05:00:00Z'));
  t.equal(span('2026-03-08', 2.5, 3, { exact: true }).start, at('2026-03-08T07:30:00Z'), 'skipped: after the gap');
  t.equal(span('2026-11-01', 1.5, 2, { exact: true }).start, at('2026-11-01T05:30:00Z'), 'repeated: the first');
});

t.test('what suits which kind of window', async (t) => {
  const fits = span('2026-11-24', 14, 15, { fits: true });
  t.ok(suits(fits, fits.start, 60 * minute));
  t.notOk(suits(fits, fits.start, 61 * minute));
  const within = span('2026-11-24', 14, 15);
  t.ok(suits(within, within.end - minute, 60 * minute));
  t.notOk(suits(within, within.end, 60 * minute));
  t.notOk(suits(span('2026-11-24', 14, 15, { exact: true }), within.start + minute, 60 * minute));
});

t.test('an exact time may be one that the list goes past, and no other', async (t) => {
  t.same(found([span('2026-11-24', 9.25, 9.5)]), [], 'the list has 9:00 and 9:45');
  const exact = [span('2026-11-24', 9.25, 9.5, { exact: true })];
  t.same(found(exact), ['11-24T14:15']);
  t.same(found([span('2026-11-24', 9.1, 9.2, { exact: true })]), [], 'not on the grid');
  const terms = { ...query.terms, first_slot_of_day_only: true };
  t.same(found(exact, { terms }), [], 'only the first of a day is to be offered');
  t.same(found([span('2026-11-24', 12, 17)], { terms }), [], 'and the first of an afternoon is not that of its day');
});

t.test('several windows, ascending and each start once', async (t) => {
  const spans = [span('2026-11-25', 9, 10), span('2026-11-24', 16, 17), span('2026-11-24', 15, 16.5)];
  t.same(found(spans), ['11-24T20:00', '11-24T20:45', '11-25T14:00', '11-25T14:45']);
  t.ok(listedRange(spans).start < at('2026-11-24T14:00:00Z'));
});

t.test('tells the reason that says most', async (t) => {
  const saturday = span('2026-11-28', 0, 24);
  t.equal(whyNoneIn([saturday], query), 'outside_hours');
  const tuesday = { start: at('2026-11-24T00:00:00Z'), end: at('2026-11-25T23:00:00Z') };
  const busy = { ...query, host: { ...query.host, busy: [tuesday] } };
  t.equal(whyNoneIn([saturday, span('2026-11-24', 9, 12)], busy), 'slot_taken');
  t.equal(whyNoneIn([span('2026-11-24', 9.1, 9.2, { exact: true })], query), 'off_grid');
  t.equal(whyNoneIn([span('2026-11-24', 9, 9.5, { fits: true })], query), undefined, 'nothing of 45 minutes fits');
});
