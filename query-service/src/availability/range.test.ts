import t from 'tap';
import { rangeOf, widestRangeOf } from './range.ts';

const at = (iso: string) => Date.parse(iso);
const range = (start_date: string, end_date: string, zone = 'America/New_York') =>
  rangeOf({ start_date, end_date }, zone);

t.test('bare dates are whole days of the zone, both included', async (t) => {
  t.same(range('2026-11-24', '2026-11-24'), { start: at('2026-11-24T05:00:00Z'), end: at('2026-11-25T05:00:00Z') });
  t.same(range('2026-11-01', '2026-11-01'), { start: at('2026-11-01T04:00:00Z'), end: at('2026-11-02T05:00:00Z') });
  t.same(range('2026-11-24', '2026-11-25', 'UTC'), { start: at('2026-11-24'), end: at('2026-11-26') });
});

t.test('instants are taken as they are, and mix with dates', async (t) => {
  const start = '2026-11-24T10:00:00+02:00';
  t.same(range(start, '2026-11-24T09:00:00Z'), { start: at('2026-11-24T08:00:00Z'), end: at('2026-11-24T09:00:00Z') });
  t.same(range(start, '2026-11-24', 'UTC'), { start: at('2026-11-24T08:00:00Z'), end: at('2026-11-25') });
});

t.test('a range without an end is sixty days', async (t) => {
  const start_date = '2026-11-24';
  t.same(rangeOf({ start_date }, 'UTC'), { start: at(start_date), end: at('2027-01-23') });
  const widest = widestRangeOf({ start_date });
  t.ok(widest.start < at(start_date) && widest.end > at('2027-01-23'));
});

t.test('a range is forwards and at most a year long', async (t) => {
  t.throws(() => range('2026-11-25', '2026-11-24'), { code: 'range_reversed' });
  t.throws(() => range('2026-11-24T09:00:00Z', '2026-11-24T09:00:00Z'), { code: 'range_reversed' });
  t.doesNotThrow(() => range('2027-03-01', '2028-02-29'), '366 days');
  t.throws(() => range('2027-03-01', '2028-03-02'), { code: 'range_too_long' });
  t.throws(() => widestRangeOf({ start_date: '2026-01-01', end_date: '2029-01-01' }), { code: 'range_too_long' });
  t.throws(() => range('0049-01-01', '2026-01-01'), { code: 'invalid_request' });
  t.throws(() => range('9999-12-30', '9999-12-31'), { code: 'invalid_request' }, 'no such start_time is taken either');
  t.equal(range('9998-12-31', '9998-12-31', 'UTC').end, at('9999-01-01'));
});

t.test('whatever the zone turns out to be, its range lies in the widest', async (t) => {
  const asked = { start_date: '2026-11-24', end_date: '2026-11-24T20:00:00Z' };
  const widest = widestRangeOf(asked);
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Niue', 'UTC', 'Asia/Kolkata']) {
    const { start, end } = rangeOf(asked, zone);
    t.ok(widest.start <= start && end <= widest.end, zone);
  }
});
