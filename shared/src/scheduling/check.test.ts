import t from 'tap';
import { checkHosts } from './assignment.ts';
import { checkSchedule, checkTerms } from './check.ts';
import { hours, schedule, terms, wall, weekdays } from './samples.ts';

const office = hours(weekdays, '09:00-17:00');
const pointers = (faults: { pointer: string }[]) => faults.map(({ pointer }) => pointer);

t.test('a sound schedule has no faults', async (t) => {
  const whole = schedule('Europe/Berlin', [...office, ...hours([1], '08:00-10:00', '23:00-24:00')], {
    overrides: [
      { date: '2028-02-29', windows: [] },
      { date: '2028-03-01', windows: [wall('00:00-24:00')] },
    ],
    travel: [
      { start_date: '2026-06-01', end_date: '2026-06-01', timezone: 'America/New_York' },
      { start_date: '2026-06-02', end_date: '2026-06-30', timezone: 'Asia/Tokyo' },
    ],
  });
  t.same(checkSchedule(whole), []);
});

t.test('windows that end before or when they start', async (t) => {
  t.same(pointers(checkSchedule(schedule('UTC', hours([1], '09:00-09:00')))), ['/rules/0/end_time']);
  t.same(pointers(checkSchedule(schedule('UTC', hours([1], '22:00-02:00')))), ['/rules/0/end_time']);
  const override = { date: '2026-06-01', windows: [wall('09:00-10:00'), wall('17:00-09:00')] };
  t.same(pointers(checkSchedule(schedule('UTC', [], { overrides: [override] }))), ['/overrides/0/windows/1/end_time']);
});

t.test('zones and dates that there are not', async (t) => {
  t.same(pointers(checkSchedule(schedule('Mars/Olympus', office))), ['/timezone']);
  t.same(pointers(checkSchedule(schedule('+05:30', office))), ['/timezone']);
  const impossible = schedule('UTC', office, {
    overrides: [{ date: '2026-02-29', windows: [] }],
    travel: [{ start_date: '2026-04-31', end_date: '2026-05-02', timezone: 'Nowhere' }],
  });
  t.same(pointers(checkSchedule(impossible)), ['/overrides/0/date', '/travel/0/timezone', '/travel/0/start_date']);
});

t.test('the same date twice, trips that overlap or end before they start', async (t) => {
  const twice = schedule('UTC', office, {
    overrides: [
      { date: '2026-06-01', windows: [] },
      { date: '2026-06-01', windows: [wall('09:00-10:00')] },
    ],
    travel: [
      { start_date: '2026-06-01', end_date: '2026-06-03', timezone: 'Asia/Tokyo' },
      { start_date: '2026-06-03', end_date: '2026-06-04', timezone: 'Asia/Seoul' },
      { start_date: '2026-07-02', end_date: '2026-07-01', timezone: 'Asia/Seoul' },
    ],
  });
  t.same(pointers(checkSchedule(twice)), ['/overrides/1/date', '/travel/1', '/travel/2/end_date']);
});

t.test('terms that contradict themselves', async (t) => {
  const range = (start_date: string, end_date: string) => ({ type: 'range' as const, start_date, end_date });
  t.same(checkTerms(terms(30, { durations: [30, 60], booking_window: range('2026-06-01', '2026-06-01') })), []);
  t.same(pointers(checkTerms(terms(30, { durations: [45, 60] }))), ['/durations']);
  t.same(
    pointers(
      checkTerms(terms(30, { limits: [{ per: 'day', count: 1 }, { per: 'day', minutes: 9 }, { per: 'week' }] })),
    ),
    ['/limits/2'],
  );
  t.same(pointers(checkTerms(terms(30, { booking_window: range('2026-06-02', '2026-06-01') }))), [
    '/booking_window/end_date',
  ]);
  t.same(pointers(checkTerms(terms(30, { booking_window: range('2026-06-31', '2026-07-01') }))), [
    '/booking_window/start_date',
  ]);
});

t.test('hosts and groups that cannot be', async (t) => {
  const hosts = [
    { user_id: 'a', fixed: true },
    { user_id: 'b', group: 'rooms' },
    { user_id: 'b', group: 'people' },
    { user_id: 'c', fixed: true, group: 'people' },
  ];
  const groups = [
    { name: 'rooms', take: 2 },
    { name: 'people', take: 1 },
    { name: 'people', take: 1 },
  ];
  t.same(pointers(checkHosts(hosts, groups)), [
    '/hosts/2/user_id',
    '/hosts/3/group',
    '/groups/0/take',
    '/groups/2/name',
  ]);
});
