import t from 'tap';
import { chooseHosts, type Standing } from './assign.ts';
import type { TeamHost } from './assignment.ts';
import { host, hours, schedule, weekdays } from './samples.ts';

const office = schedule('UTC', hours(weekdays, '09:00-17:00'));
const member = (userId: string, more: Partial<TeamHost> = {}): TeamHost => ({
  calendar: host(office, { userId }),
  ...more,
});

function chosen(hosts: TeamHost[], standings: Record<string, Standing> = {}, current: string[] = [], able?: string[]) {
  const ids = able ?? hosts.map(({ calendar }) => calendar.userId);
  const query = { assignment: 'round_robin' as const, hosts };
  return chooseHosts(query, ids, new Map(Object.entries(standings)), current);
}

t.test('priority, then weight, then who was booked longest ago, then as listed', async (t) => {
  const hosts = [member('a'), member('b', { priority: 2 }), member('c', { priority: 2 })];
  t.same(chosen(hosts), ['b']);
  t.same(chosen(hosts, { b: { bookings: 3, lastBookedAt: 1 }, c: { bookings: 2, lastBookedAt: 9 } }), ['c']);
  t.same(chosen(hosts, { b: { bookings: 2, lastBookedAt: 1 }, c: { bookings: 2, lastBookedAt: 9 } }), ['b']);
  t.same(chosen(hosts, { b: { bookings: 0, lastBookedAt: 5 } }), ['c'], 'never booked is longest ago');
  t.same(chosen(hosts, {}, [], ['a']), ['a']);
});

t.test('weights are shares of the bookings', async (t) => {
  const hosts = [member('a', { weight: 300 }), member('b', { weight: 100 }), member('off', { weight: 0 })];
  const bookings: Record<string, Standing> = {};
  for (let i = 0; i < 40; i++) {
    const [host] = chosen(hosts, bookings)!;
    bookings[host!] = { bookings: (bookings[host!]?.bookings ?? 0) + 1, lastBookedAt: i };
  }
  t.same([bookings.a?.bookings, bookings.b?.bookings, bookings.off], [30, 10, undefined]);
  t.same(chosen(hosts, {}, [], ['off']), ['off'], 'when there is nobody else');
});

t.test('a reschedule stays with its host where it can', async (t) => {
  const hosts = [member('a', { priority: 5 }), member('b')];
  t.same(chosen(hosts, {}, ['b']), ['b']);
  t.same(chosen(hosts, {}, ['b'], ['a']), ['a']);
});

t.test('all that are fixed, and as many of each group as it takes', async (t) => {
  const hosts = [
    member('lead', { fixed: true }),
    member('p1', { group: 'people' }),
    member('p2', { group: 'people', priority: 1 }),
    member('p3', { group: 'people' }),
    member('r1', { group: 'rooms' }),
  ];
  const query = { assignment: 'round_robin' as const, hosts, groups: [{ name: 'people', take: 2 }] };
  t.same(chooseHosts(query, ['lead', 'p1', 'p2', 'p3', 'r1']), ['lead', 'p2', 'p1', 'r1']);
  t.equal(chooseHosts(query, ['lead', 'p1', 'r1']), undefined, 'one person is too few');
  t.equal(chooseHosts(query, ['p1', 'p2', 'r1']), undefined, 'nobody without the lead');
  t.same(chooseHosts({ ...query, assignment: 'collective' }, ['lead', 'p1', 'p2', 'p3']), undefined);
});
