import { openSlotTokens } from '@agentcal/shared/http/slot-key';
import { hour, type Interval, toIso } from '@agentcal/shared/kernel/time';
import type { TeamQuery } from '@agentcal/shared/scheduling/assignment';
import { hours, schedule as scheduleOf, weekdays } from '@agentcal/shared/scheduling/samples';
import { findTeamSlots } from '@agentcal/shared/scheduling/team';
import t from 'tap';
import { addUser, defineEventType, openShop, testProduct } from '../testing.ts';

// The test's present is Friday 2026-11-20, noon in UTC.

t.test('the hosts of an event type', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const slots = await openSlotTokens(product.deps.vault);
  const user = (timezone: string, window: string, busy: readonly Interval[] = []) =>
    addUser(owner, shop.accountId, { timezone, schedule: scheduleOf(timezone, hours(weekdays, window)), busy });
  const busy = (start: string, end: string) => [{ start: Date.parse(start), end: Date.parse(end) }];
  const anna = await user('UTC', '09:00-12:00', busy('2026-11-24T09:00Z', '2026-11-24T10:00Z'));
  const ben = await user('Europe/Berlin', '11:00-14:00');
  const cem = await user('America/New_York', '05:00-06:00');
  const eventType = (more: object) =>
    defineEventType(owner, shop.accountId, { terms: { duration_minutes: 60, durations: [60, 30] }, ...more });
  const hosts = [anna, ben, cem].map((user_id) => ({ user_id }));
  const collective = await eventType({ assignment: 'collective', hosts: hosts.slice(0, 2) });
  const roundRobin = await eventType({ assignment: 'round_robin', hosts });

  const list = async (eventTypeId: string, more = '') => {
    const query = `event_type_id=${eventTypeId}&start_date=2026-11-24&end_date=2026-11-24${more}`;
    const answer = await owner.get(`${shop.account}/availability?${query}`);
    const body = answer.json();
    const found = body.data?.map((slot: { start_time: string; user_ids: string[] }) => [
      slot.start_time.slice(11, 16),
      slot.user_ids,
    ]);
    return { status: answer.statusCode, found, ...body };
  };

  await t.test('all of them, where it takes all', async (t) => {
    const answer = await list(collective);
    t.same(answer.found, [
      ['10:00', [anna, ben]],
      ['11:00', [anna, ben]],
    ]);
    t.match(answer, { timezone: 'UTC', speak: 'Tuesday the twenty-fourth at ten or eleven' });
    t.match(slots.read(answer.data[0].slot_id), {
      eventTypeId: collective,
      start: Date.parse('2026-11-24T10:00:00Z'),
      durationMinutes: 60,
    });
    t.notOk('userId' in slots.read(answer.data[0].slot_id), 'who it will be is decided when it is booked');
  });

  await t.test('one of them, where one is enough, with everybody who can', async (t) => {
    const answer = await list(roundRobin);
    t.same(answer.found, [
      ['10:00', [anna, ben, cem]],
      ['11:00', [anna, ben]],
      ['12:00', [ben]],
    ]);
    t.same((await list(roundRobin, '&limit=1')).found, [['10:00', [anna, ben, cem]]]);
    t.match((await list(roundRobin, '&timezone=Asia/Tokyo&limit=1')).data[0], {
      local_start: '2026-11-24T19:00:00+09:00',
    });
    t.equal((await list(roundRobin, '&duration_minutes=30')).found.length, 6);
    t.match(await list(roundRobin, '&duration_minutes=45'), { status: 422, code: 'duration_not_offered' });
  });

  await t.test('those who are named, each for themselves', async (t) => {
    const answer = await list(roundRobin, `&user_id=${cem}&user_id=${anna}`);
    t.same(answer.found, [
      ['10:00', [cem, anna]],
      ['11:00', [anna]],
    ]);
    t.equal(answer.timezone, 'America/New_York', 'shown as the first of them sees it');
    t.match(
      answer.data.map(({ slot_id }: { slot_id: string }) => slots.read(slot_id).userId),
      [cem, anna],
      'a slot id books the first who can',
    );
    t.same((await list(roundRobin, `&user_id=${cem},${anna}`)).found, answer.found);
    t.match(await list(collective, `&user_id=${ben},${cem}`), { status: 422, code: 'host_unavailable' });
    t.match(await list(collective, `&user_id=${ben},user_nobody`), { status: 404, code: 'not_found' });
    t.match(await list(collective, '&user_id=,'), { status: 400, errors: [{ pointer: '/query/user_id' }] });
  });

  await t.test('where it takes several, those who are named have to be among them', async (t) => {
    const named = await list(collective, `&user_id=${ben}`);
    t.same(named.found, (await list(collective)).found);
    t.equal(named.timezone, 'Europe/Berlin');
    t.equal(slots.read(named.data[0].slot_id).userId, ben);
    const staffed = [
      { user_id: anna, group: 'leads' },
      { user_id: ben, group: 'others' },
      { user_id: cem, group: 'others' },
    ];
    const grouped = await eventType({ assignment: 'round_robin', hosts: staffed });
    t.same((await list(grouped)).found, [
      ['10:00', [anna, ben, cem]],
      ['11:00', [anna, ben]],
    ]);
    const withCem = await list(grouped, `&user_id=${cem}`);
    t.same(withCem.found, [['10:00', [anna, ben, cem]]]);
    t.equal(slots.read(withCem.data[0].slot_id).userId, cem);
    t.same((await list(grouped, `&user_id=${cem}&user_id=${ben}&limit=2`)).found.length, 2);
    const at = (time: string) =>
      owner.get(
        `${shop.account}/availability/explain?event_type_id=${grouped}&user_id=${cem}&start_time=2026-11-24T${time}Z`,
      );
    t.match((await at('10:00:00')).json(), { bookable: true, listed: true, user_ids: [anna, ben, cem] });
    t.match((await at('11:00:00')).json(), {
      bookable: false,
      listed: false,
      reason: 'outside_hours',
      hosts: [{}, {}, {}],
    });
    t.match((await at('08:00:00')).json(), { bookable: false, reason: 'outside_hours' });
  });

  await t.test('of an event type that names nobody: whoever is named', async (t) => {
    const answer = await list(shop.eventTypeId, `&user_id=${ben}&user_id=${cem}&limit=1`);
    t.same(answer.found, [['10:00', [ben, cem]]]);
    t.match(await list(shop.eventTypeId), { status: 400, errors: [{ pointer: '/query/user_id' }] });
    const several = await eventType({ hosts });
    t.match(await list(several), { status: 400, errors: [{ pointer: '/query/user_id' }] });
  });

  await t.test('says what is in the way of all, and what is nearest', async (t) => {
    const full = await list(collective, '&limit=2');
    t.equal(full.found.length, 2);
    await owner.append(`user-${ben}`, [
      'user.away-set.v1',
      { user_id: ben, away_id: 'away_b', start_time: '2026-11-24T00:00:00Z', end_time: '2026-11-25T00:00:00Z' },
    ]);
    const empty = await list(collective);
    t.match(empty, {
      status: 200,
      data: [],
      reason: 'outside_hours',
      nearest: [
        { start_time: '2026-11-23T11:00:00Z', user_ids: [anna, ben], slot_id: /^slot_/ },
        { start_time: '2026-11-25T10:00:00Z' },
        { start_time: '2026-11-25T11:00:00Z' },
      ],
    });
    t.match(empty.speak, /^There is nothing free then\. The nearest are Monday the twenty-third at eleven, or/);
    await owner.append(`user-${ben}`, ['user.away-cleared.v1', { user_id: ben, away_id: 'away_b' }]);
  });

  await t.test('who has been removed can take nothing, and is not left out either', async (t) => {
    await owner.append(`user-${anna}`, ['user.removed.v1', { user_id: anna }]);
    t.match(await list(collective), { status: 200, data: [], reason: 'host_unavailable', nearest: [] });
    const answer = await list(roundRobin);
    t.same(answer.found[0], ['10:00', [ben, cem]]);
    t.equal(answer.timezone, 'Europe/Berlin', 'the first who is there');
    const only = await eventType({ hosts: [{ user_id: anna }] });
    t.match(await list(only), { status: 422, code: 'host_unavailable' });
    const groups = [{ name: 'leads', take: 1 }];
    const staffed = [
      { user_id: anna, group: 'leads' },
      { user_id: ben, group: 'others' },
    ];
    const grouped = await eventType({ assignment: 'round_robin', hosts: staffed, groups });
    t.match(await list(grouped), { data: [], reason: 'host_unavailable' });
  });

  await t.test('only within the account and the tenant', async (t) => {
    const stranger = await product.organization();
    const dates = 'start_date=2026-11-24&end_date=2026-11-24';
    const path = `${shop.account}/availability?event_type_id=${roundRobin}&${dates}`;
    t.equal((await stranger.get(path)).statusCode, 404);
    t.equal((await owner.get(path, { key: owner.liveKey })).statusCode, 404);
    const strange = await openShop(stranger, product.deps);
    const type = { assignment: 'round_robin', hosts: [{ user_id: ben }] };
    const theirs = await defineEventType(stranger, strange.accountId, type);
    const borrowed = await stranger.get(`${strange.account}/availability?event_type_id=${theirs}&${dates}`);
    t.match(borrowed.json(), { data: [], reason: 'host_unavailable' });
  });
});

t.test('a team is listed as the engine lists it, across zones that change their clocks', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const range = { from: Date.parse('2027-03-08T00:00:00Z'), to: Date.parse('2027-04-11T00:00:00Z') };
  const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Sao_Paulo'];
  const everyDay = [0, 1, 2, 3, 4, 5, 6];
  const calendars = await Promise.all(
    zones.map(async (timezone, i) => {
      const schedule = scheduleOf(timezone, hours(everyDay, `0${i}:30-12:00`, '14:00-24:00'));
      const busy = Array.from({ length: 60 }, (_, n) => {
        const start = range.from + n * (13 + i) * hour + i * 900_000;
        return { start, end: start + (1 + (n % 4)) * hour };
      });
      const userId = await addUser(owner, shop.accountId, { timezone, schedule, busy });
      return { userId, schedule, busy, away: [], claims: [] };
    }),
  );
  const terms = { duration_minutes: 45, buffer_before: 10, buffer_after: 5, min_notice_minutes: 0 };
  const opening = scheduleOf('Europe/Berlin', hours(everyDay, '06:00-22:00'));
  const people = calendars.map((calendar, i) => ({
    calendar,
    ...(i === 0 ? { fixed: true } : { group: i % 2 ? 'people' : 'rooms' }),
  }));
  const teams: Pick<TeamQuery, 'assignment' | 'hosts' | 'groups'>[] = [
    { assignment: 'collective', hosts: calendars.slice(0, 3).map((calendar) => ({ calendar })) },
    { assignment: 'round_robin', hosts: calendars.map((calendar) => ({ calendar })) },
    { assignment: 'round_robin', hosts: people, groups: [{ name: 'rooms', take: 2 }] },
  ];
  for (const team of teams) {
    for (const restricted of [false, true]) {
      const hosts = team.hosts.map(({ calendar, ...host }) => ({ user_id: calendar.userId, ...host }));
      const eventTypeId = await defineEventType(owner, shop.accountId, {
        ...team,
        terms,
        hosts,
        ...(restricted && { hours: opening }),
      });
      const within = restricted && { within: { schedule: opening } };
      const query = { ...team, ...within, terms, eventTypeId, now: product.clock.at };
      const { starts, hostsAt } = findTeamSlots({ ...query, ...range });
      const dates = `start_date=${toIso(range.from)}&end_date=${toIso(range.to)}`;
      const answer = await owner.get(`${shop.account}/availability?event_type_id=${eventTypeId}&${dates}`);
      const { data } = answer.json();
      const listed = data.map((slot: { start_time: string; user_ids: string[] }) => [slot.start_time, slot.user_ids]);
      t.same(
        listed,
        starts.map((start) => [
          toIso(start),
          team.assignment === 'collective' ? hosts.map((host) => host.user_id) : hostsAt(start),
        ]),
      );
      t.ok(starts.length > 10, `${team.assignment}: ${starts.length} starts`);
    }
  }
});

t.test('two hundred hosts answer within bounds', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const ids = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      addUser(owner, shop.accountId, { timezone: i % 2 ? 'Europe/Berlin' : 'America/New_York' }),
    ),
  );
  const hosts = ids.map((user_id) => ({ user_id }));
  const eventTypeId = await defineEventType(owner, shop.accountId, { assignment: 'round_robin', hosts });
  const list = async (dates: string) => {
    const answer = await owner.get(`${shop.account}/availability?event_type_id=${eventTypeId}&${dates}`);
    return { status: answer.statusCode, ...answer.json() };
  };
  const began = performance.now();
  const weeks = await list('start_date=2026-11-23&end_date=2026-12-09');
  t.comment(`${weeks.data.length} slots of 200 hosts in ${Math.round(performance.now() - began)} ms`);
  t.equal(weeks.data[0].user_ids.length, 100);
  t.match(await list('start_date=2026-11-23&end_date=2027-01-23'), {
    status: 422,
    code: 'range_too_long',
    detail: '200 hosts can be asked for at most 38 days at once',
  });
  const weekend = await list('start_date=2026-11-28&end_date=2026-11-29');
  t.match(weekend, { data: [], reason: 'outside_hours', nearest: [{}, {}, {}] });
});
