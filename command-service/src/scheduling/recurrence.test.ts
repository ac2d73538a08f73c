import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, toIso } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { occurrencesOf } from './recurrence.ts';

const at = (iso: string) => Date.parse(iso);
const told = (start: string, rule: string, timezone: string) => occurrencesOf(at(start), { rule, timezone }).map(toIso);

t.test('keeps the wall time when the clock changes', async (t) => {
  t.same(told('2026-10-21T07:00:00Z', 'FREQ=WEEKLY;COUNT=3', 'Europe/Berlin'), [
    '2026-10-21T07:00:00Z',
    '2026-10-28T08:00:00Z',
    '2026-11-04T08:00:00Z',
  ]);
});

t.test('leaves out a wall time that does not exist', async (t) => {
  t.same(told('2026-03-07T07:30:00Z', 'FREQ=DAILY;COUNT=2', 'America/New_York'), [
    '2026-03-07T07:30:00Z',
    '2026-03-09T06:30:00Z',
  ]);
});

t.test('takes the rule with its name, and one that ends by a date', async (t) => {
  t.same(told('2026-05-04T09:00:00Z', 'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260511T235959Z', 'UTC'), [
    '2026-05-04T09:00:00Z',
    '2026-05-06T09:00:00Z',
    '2026-05-11T09:00:00Z',
  ]);
  t.equal(told('2026-01-31T09:00:00Z', 'FREQ=MONTHLY;COUNT=3', 'UTC').at(-1), '2026-05-31T09:00:00Z');
});

t.test('says which part of a rule it does not take, instead of passing over it', async (t) => {
  const refused = (rule: string, message: RegExp) =>
    t.throws(() => told('2026-05-04T09:00:00Z', rule, 'UTC'), { message }, rule);
  refused('FREQ=MONTHLY;COUNT=3;RSCALE=HEBREW;SKIP=FORWARD', /not known: RSCALE=HEBREW/);
  refused('FREQ=WEEKLY;COUNT=3;BYFOO=9', /not known: BYFOO=9/);
  refused('FREQ=WEEKLY;;COUNT=2', /not known: an empty one/);
  refused('FREQ=WEEKLY;COUNT=2;', /not known: an empty one/);
  refused('FREQ=WEEKLY;COUNT=2;INTERVAL', /without one value: INTERVAL/);
  refused('FREQ=WEEKLY;COUNT=2=3', /without one value: COUNT/);
  refused('FREQ=DAILY;COUNT=1000000000', /more than 100 bookings/);
  refused('FREQ=DAILY;COUNT=2;BYHOUR=9', /time of day/);
});

t.test('refuses what is no rule, has no end or comes to too much', async (t) => {
  for (const rule of [
    'FREQ=WEEKLY',
    'FREQ=HOURLY;COUNT=2',
    'FREQ=DAILY;COUNT=101',
    'FREQ=DAILY;UNTIL=20990101T000000Z',
    'FREQ=YEARLY;COUNT=5',
    'FREQ=DAILY;BYHOUR=1,2;COUNT=3',
    'FREQ=WEEKLY;BYDAY=TU;COUNT=3',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2',
    'FREQ=DAILY;COUNT=2\nRRULE:FREQ=DAILY',
    'FREQ=DAILY;COUNT=x',
    'FREQ=DAILY;COUNT=-1',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=2;UNTIL=20260511T235959Z',
    'FREQ=DAILY;COUNT=2;INTERVAL=0',
    'FREQ=WEEKLY;COUNT=2;BYDAY=XX',
    'FREQ=WEEKLY;COUNT=2;WKST=5',
    'FREQ=DAILY;FREQ=SECONDLY;COUNT=3',
    'FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=400;COUNT=1',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=40;COUNT=1',
    'hello',
  ]) {
    const began = performance.now();
    t.throws(() => told('2026-05-04T09:00:00Z', rule, 'UTC'), Refusal, rule);
    t.ok(performance.now() - began < 1_000, 'and does not think about it for long');
  }
  t.throws(() => told('2026-05-04T09:00:00Z', 'FREQ=DAILY;COUNT=2', 'Mars/Olympus'), { code: 'invalid_time_zone' });
  t.equal(told('2026-05-04T09:00:00Z', 'FREQ=WEEKLY;COUNT=100', 'UTC').length, 100);
  t.ok(
    at(told('2026-05-04T09:00:00Z', 'FREQ=WEEKLY;COUNT=100', 'UTC').at(-1)!) - at('2026-05-04T09:00:00Z') < 732 * day,
  );
});
