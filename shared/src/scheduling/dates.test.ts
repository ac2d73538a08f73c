import t from 'tap';
import { dateOfDay, dayOfDate, periodOfDay, weekdayOfDay } from './dates.ts';

t.test('dates and days are each other’s', async (t) => {
  t.equal(dayOfDate('1970-01-01'), 0);
  t.equal(dateOfDay(dayOfDate('2028-02-29')), '2028-02-29');
  for (const date of ['2026-02-29', '2026-13-01', '2026-2-3', '']) t.ok(Number.isNaN(dayOfDate(date)), date);
});

t.test('months and years of a thousand years are those of a Date', async (t) => {
  for (let day = dayOfDate('1599-12-01'); day < dayOfDate('2600-02-01'); day++) {
    const date = new Date(day * 86_400_000);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    if (periodOfDay(day, 'month') !== month) t.fail(dateOfDay(day));
    if (periodOfDay(day, 'year') !== date.getUTCFullYear()) t.fail(dateOfDay(day));
  }
});

t.test('weeks begin on Monday', async (t) => {
  const monday = dayOfDate('2026-06-01');
  t.equal(weekdayOfDay(monday), 1);
  t.equal(periodOfDay(monday, 'week'), periodOfDay(monday + 6, 'week'));
  t.equal(periodOfDay(monday, 'week'), periodOfDay(monday - 1, 'week') + 1);
});
