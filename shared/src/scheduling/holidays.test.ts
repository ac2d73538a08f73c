import t from 'tap';
import { hasHolidays, holidaysAround } from './holidays.ts';
import { at, host, hours, query, schedule, terms, wall, weekdays } from './samples.ts';
import { findSlots } from './slots.ts';

t.test('holidays of a country and of a region, whole days only', async (t) => {
  const us = await holidaysAround({ country: 'US' }, 2026);
  t.ok(us.includes('2026-11-26'), 'Thanksgiving');
  t.ok(us.includes('2026-07-03'), 'the day off for a Saturday');
  t.equal(await holidaysAround({ country: 'US' }, 2026), us, 'the same array again');
  t.notOk((await holidaysAround({ country: 'DE' }, 2026)).includes('2026-01-06'));
  t.ok((await holidaysAround({ country: 'DE', region: 'BY' }, 2026)).includes('2026-01-06'), 'Bavaria');
  const turkey = await holidaysAround({ country: 'TR' }, 2026);
  t.same(
    turkey.filter((date) => date.startsWith('2026-03')),
    ['2026-03-20', '2026-03-21', '2026-03-22'],
  );
  t.notOk((await holidaysAround({ country: 'CN' }, 2026)).includes('2026-03-08'), 'half a day');
  t.ok(us.some((date) => date.startsWith('2029')) && us.some((date) => date.startsWith('2025')));
});

t.test('what there is data for', async (t) => {
  t.ok(await hasHolidays({ country: 'US' }));
  t.ok(await hasHolidays({ country: 'DE', region: 'BY' }));
  t.notOk(await hasHolidays({ country: 'ZZ' }));
  t.notOk(await hasHolidays({ country: 'DE', region: 'XX' }));
  for (const name of ['constructor', 'toString', '__proto__']) {
    t.notOk(await hasHolidays({ country: 'DE', region: name }), name);
    t.notOk(await hasHolidays({ country: name }), name);
  }
});

t.test('a holiday closes its day unless an override opens it', async (t) => {
  const holidays = await holidaysAround({ country: 'US' }, 2026);
  const office = schedule('America/New_York', hours(weekdays, '09:00-17:00'));
  const open = (schedule: typeof office) =>
    findSlots({
      ...query(host(schedule, { holidays }), terms(60)),
      from: at('2026-11-26T00:00Z'),
      to: at('2026-11-27T05:00Z'),
    }).starts.length;
  t.equal(open(office), 0);
  t.equal(open({ ...office, overrides: [{ date: '2026-11-26', windows: [wall('09:00-12:00')] }] }), 3);
});
