import fc from 'fast-check';
import t from 'tap';
import type { TeamHost, TeamQuery } from './assignment.ts';
import { keptTeamWorlds } from './kept-worlds.ts';
import { at, everyDay, host, hours, schedule, span, terms, weekdays } from './samples.ts';
import { findTeamSlots, judgeTeam } from './team.ts';
import { TeamReference } from './team-reference.ts';
import { type TeamWorld, teamWorld } from './worlds.ts';

const day = { from: at('2024-06-03T00:00Z'), to: at('2024-06-04T00:00Z') };

function member(userId: string, window: string, more: Partial<TeamHost> = {}, zone = 'UTC'): TeamHost {
  return { calendar: host(schedule(zone, hours(everyDay, window)), { userId }), ...more };
}

function team(assignment: TeamQuery['assignment'], hosts: TeamHost[], more: Partial<TeamQuery> = {}): TeamQuery {
  return { assignment, hosts, terms: terms(30), eventTypeId: 'evt_a', now: 0, ...more };
}

function found(query: TeamQuery): Record<string, string[]> {
  const { starts, hostsAt } = findTeamSlots({ ...query, ...day });
  return Object.fromEntries(starts.map((start) => [new Date(start).toISOString().slice(11, 16), hostsAt(start)]));
}

t.test('15: two hosts are not one long one', async (t) => {
  const hosts = [member('a', '11:00-11:20'), member('b', '11:15-11:30')];
  t.same(found(team('round_robin', hosts)), {});
  const five = terms(5);
  t.same(Object.keys(found(team('collective', hosts, { terms: five }))), ['11:15']);
  const either = found(team('round_robin', hosts, { terms: five }));
  t.same(Object.keys(either), ['11:00', '11:05', '11:10', '11:15', '11:20', '11:25']);
  t.same(either['11:15'], ['a', 'b']);
});

t.test('staggered hosts: each start once, in order, with everyone who can take it', async (t) => {
  const hosts = [member('a', '10:00-12:00'), member('b', '09:00-11:00')];
  t.same(found(team('round_robin', hosts, { terms: terms(60) })), {
    '09:00': ['b'],
    '10:00': ['a', 'b'],
    '11:00': ['a'],
  });
});

t.test('collective finds common time that no single list has', async (t) => {
  const hosts = [member('a', '09:00-12:00'), member('b', '09:15-12:00')];
  t.same(Object.keys(found(team('collective', hosts, { terms: terms(45) }))), ['09:15', '10:00', '10:45']);
});

t.test('collective across half-hour zones follows the hour of the lead', async (t) => {
  const hosts = [member('a', '09:00-12:00', {}, 'UTC'), member('b', '14:30-18:00', {}, 'Asia/Kolkata')];
  const query = team('collective', hosts, { terms: terms(60) });
  t.same(Object.keys(found(query)), ['09:00', '10:00', '11:00']);
  t.same(judgeTeam({ ...query, start: at('2024-06-03T10:00Z') }), {
    ok: true,
    hosts: ['a', 'b'],
    refusals: new Map(),
  });
});

t.test('a fixed host, two of three people and one of two rooms', async (t) => {
  const hosts = [
    member('lead', '09:00-17:00', { fixed: true }),
    member('p1', '09:00-11:00', { group: 'people' }),
    member('p2', '10:00-12:00', { group: 'people' }),
    member('p3', '11:00-13:00', { group: 'people' }),
    member('r1', '08:00-10:30', { group: 'rooms' }),
    member('r2', '12:00-18:00', { group: 'rooms' }),
  ];
  const query = team('round_robin', hosts, { groups: [{ name: 'people', take: 2 }] });
  t.same(Object.keys(found(query)), ['10:00']);
  const noRoom = judgeTeam({ ...query, start: at('2024-06-03T11:00Z') });
  t.match(noRoom, { ok: false, reason: 'outside_hours' });
});

t.test('a refusal gives one reason where it is everybody’s, and says so where it is not', async (t) => {
  const busy = [span('2024-06-03T09:00Z', '10:00')];
  const taken = (userId: string): TeamHost => ({
    calendar: host(schedule('UTC', hours(weekdays, '09:00-17:00')), { userId, busy }),
  });
  const start = at('2024-06-03T09:30Z');
  t.match(judgeTeam({ ...team('round_robin', [taken('a'), taken('b')]), start }), { ok: false, reason: 'slot_taken' });
  const mixed = judgeTeam({ ...team('round_robin', [taken('a'), member('b', '12:00-13:00')]), start });
  t.match(mixed, { ok: false, reason: 'host_unavailable' });
  t.match(judgeTeam({ ...team('round_robin', []), start }), { ok: false, reason: 'host_unavailable' });
  t.same(findTeamSlots({ ...team('collective', []), ...day }).starts, []);
});

t.test(
  'what hosts have in common begins where it did, though who was there at first is gone by the range',
  async (t) => {
    const hosts = [
      member('lead', '09:00-17:00', { fixed: true }),
      member('morning', '09:00-12:00'),
      member('noon', '11:00-17:00'),
    ];
    const query = team('round_robin', hosts, { terms: terms(50) });
    const list = (from: string) =>
      findTeamSlots({ ...query, from: at(`2024-06-03T${from}Z`), to: day.to }).starts.map((start) =>
        new Date(start).toISOString().slice(11, 16),
      );
    const whole = ['09:00', '09:50', '10:40', '11:30', '12:20', '13:10', '14:00', '14:50', '15:40'];
    t.same(list('00:00'), whole);
    t.same(
      list('13:00'),
      whole.filter((start) => start >= '13:00'),
    );
  },
);

t.test('where shifts follow each other for ever, the grid begins anew with the day of the lead', async (t) => {
  const shifts = [['00:00-08:10'], ['08:00-16:10'], ['16:00-24:00', '00:00-00:10']];
  const pool = (group: string) =>
    shifts.map((windows, i): TeamHost => {
      return { calendar: host(schedule('UTC', hours(everyDay, ...windows)), { userId: `${group} ${i}` }), group };
    });
  const query = team('round_robin', [...pool('people'), ...pool('rooms')], { terms: terms(7) });
  const listSince = (hour: string) =>
    findTeamSlots({ ...query, from: at(`2024-06-03T${hour}:00Z`), to: day.to }).starts;
  t.equal(listSince('00')[0], day.from);
  t.ok(listSince('00').every((start) => (start - day.from) % 420_000 === 0));
  t.same(
    listSince('05'),
    listSince('00').filter((start) => start >= at('2024-06-03T05:00Z')),
  );
});

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const worlds = Number(process.env.WORLDS ?? 600);

t.test(`${worlds} random teams agree with the reference (SEED=${seed})`, async (t) => {
  let slots = 0;
  const property = fc.property(teamWorld, fc.nat(), (world, pick) => {
    slots += compare(world, pick);
  });
  const examples = keptTeamWorlds.map((world): [TeamWorld, number] => [world, 0]);
  const result = fc.check(property, { seed, numRuns: worlds, examples });
  t.notOk(result.failed, `${fc.defaultReportMessage(result)}\n${result.errorInstance}`);
  t.comment(`${slots} slots compared`);
});

function compare({ query, from, to }: TeamWorld, pick: number): number {
  const reference = new TeamReference(query, from, to);
  const minutes = reference.listed(from, to);
  const { starts, hostsAt } = findTeamSlots({ ...query, from: from * 60_000, to: to * 60_000 });
  same(
    starts.map((start) => start / 60_000),
    minutes,
  );
  const listed = minutes[pick % minutes.length];
  for (const minute of [from + (pick % (to - from)), listed ?? from]) {
    const { refusals, ...verdict } = judgeTeam({ ...query, start: minute * 60_000 });
    same(verdict, reference.verdict(minute));
    if (minute === listed) same(hostsAt(minute * 60_000), verdict.ok && verdict.hosts);
  }
  return minutes.length;
}

function same(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`\n  engine    ${left}\n  reference ${right}`);
}
