import { hours, schedule, weekdays } from '@agentcal/shared/scheduling/samples';
import t from 'tap';
import { addUser, defineEventType, openShop, testProduct } from '../testing.ts';

// The test's present is Friday 2026-11-20, 07:00 in New York; the user works there Monday to Friday, nine to five.

t.test('explaining a start', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps, { terms: { min_notice_minutes: 60, buffer_after: 15 } });
  await shop.book('2026-11-24T17:00:00Z', { minutes: 60, email: 'secret@example.test' });
  const explain = async (start: string, more = '') => {
    const of = `user_id=${shop.userId}&event_type_id=${shop.eventTypeId}`;
    const answer = await owner.get(`${shop.account}/availability/explain?${of}&start_time=${start}${more}`);
    return { status: answer.statusCode, text: answer.body, ...answer.json() };
  };
  const broken = ({ rules }: { rules: { rule: string; ok: boolean }[] }) =>
    rules.filter(({ ok }) => !ok).map(({ rule }) => rule);

  await t.test('one that is offered', async (t) => {
    const answer = await explain('2026-11-24T14:00:00Z', '&timezone=Europe/Berlin');
    t.match(answer, {
      status: 200,
      user_id: shop.userId,
      end_time: '2026-11-24T14:30:00Z',
      local_start: '2026-11-24T15:00:00+01:00',
      weekday: 'Tuesday',
      bookable: true,
      listed: true,
    });
    t.same(
      answer.rules.map(({ rule }: { rule: string }) => rule).join(' '),
      'duration notice booking_window hours calendar limits grid',
    );
    t.same(broken(answer), []);
    t.notOk('reason' in answer);
  });

  await t.test('one that a booking blocks, by time and never by person', async (t) => {
    const answer = await explain('2026-11-24T16:30:00Z');
    t.match(answer, { bookable: false, listed: false, reason: 'slot_taken' });
    t.same(broken(answer), ['calendar']);
    t.same(answer.rules.find(({ rule }: { rule: string }) => rule === 'calendar').intervals, [
      { kind: 'booking', start_time: '2026-11-24T17:00:00Z', end_time: '2026-11-24T18:00:00Z' },
    ]);
    t.notMatch(answer.text, /secret|Mia/);
  });

  await t.test('everything that is against one', async (t) => {
    t.same(broken(await explain('2026-11-20T12:10:00Z')), ['notice', 'hours', 'grid']);
    t.match(await explain('2026-11-22T15:00:00Z'), { reason: 'outside_hours', weekday: 'Sunday' });
    t.match(await explain('2026-11-24T14:00:00Z', '&duration_minutes=45'), {
      status: 200,
      reason: 'duration_not_offered',
    });
  });

  await t.test('only within the tenant, and only instants', async (t) => {
    const stranger = await product.organization();
    const of = `user_id=${shop.userId}&event_type_id=${shop.eventTypeId}&start_time=2026-11-24T14:00:00Z`;
    t.equal((await stranger.get(`${shop.account}/availability/explain?${of}`)).statusCode, 404);
    t.equal((await explain('tomorrow')).status, 400);
  });
});

t.test('explaining a start of several hosts', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const user = (window: string, timezone = 'UTC') =>
    addUser(owner, shop.accountId, { timezone, schedule: schedule(timezone, hours(weekdays, window)) });
  const [anna, ben, gone] = [await user('09:00-12:00'), await user('10:00-12:00'), await user('09:00-12:00')];
  await owner.append(`user-${gone}`, ['user.removed.v1', { user_id: gone }]);
  const hosts = [anna, ben].map((user_id) => ({ user_id }));
  const collective = await defineEventType(owner, shop.accountId, { assignment: 'collective', hosts });
  const pool = [...hosts, { user_id: gone }];
  const roundRobin = await defineEventType(owner, shop.accountId, { assignment: 'round_robin', hosts: pool });
  const explain = async (eventTypeId: string, time: string, more = '') => {
    const of = `event_type_id=${eventTypeId}&start_time=2026-11-24T${time}:00Z${more}`;
    const answer = await owner.get(`${shop.account}/availability/explain?${of}`);
    const body = answer.json();
    const broken = body.hosts?.map(({ rules }: { rules: { rule: string; ok: boolean }[] }) =>
      rules.flatMap(({ rule, ok }) => (ok ? [] : [rule])),
    );
    return { status: answer.statusCode, broken, ...body };
  };

  await t.test('what stands against each of them, and what that makes of it', async (t) => {
    const early = await explain(collective, '09:00');
    t.match(early, {
      status: 200,
      timezone: 'UTC',
      bookable: false,
      listed: false,
      reason: 'outside_hours',
      user_ids: [],
      hosts: [
        { user_id: anna, bookable: true },
        { user_id: ben, bookable: false, reason: 'outside_hours' },
      ],
      broken: [[], ['hours']],
    });
    t.notOk('rules' in early || 'user_id' in early);
    t.match(await explain(collective, '10:00'), { bookable: true, listed: true, user_ids: [anna, ben] });
  });

  await t.test('that one is enough, and who has been removed', async (t) => {
    t.match(await explain(roundRobin, '09:00'), {
      bookable: true,
      listed: true,
      user_ids: [anna],
      hosts: [{ bookable: true }, { bookable: false }, { user_id: gone, bookable: false, reason: 'host_unavailable' }],
    });
    t.match(await explain(roundRobin, '08:00'), { bookable: false, reason: 'outside_hours' });
  });

  await t.test('those who are named', async (t) => {
    t.match(await explain(roundRobin, '09:00', `&user_id=${ben}&user_id=${anna}`), {
      user_ids: [anna],
      hosts: [{ user_id: ben }, { user_id: anna }],
    });
    t.match(await explain(roundRobin, '09:00', `&user_id=${anna}`), { bookable: true, user_id: anna, rules: [{}] });
    t.match(await explain(collective, '09:00', `&user_id=${anna}`), { bookable: false, hosts: [{}, {}] });
  });

  await t.test('by the grid that all of them share', async (t) => {
    const kolkata = await user('14:30-18:00', 'Asia/Kolkata');
    const across = await defineEventType(owner, shop.accountId, {
      terms: { duration_minutes: 60 },
      assignment: 'collective',
      hosts: [{ user_id: anna }, { user_id: kolkata }],
    });
    t.match(await explain(across, '10:00'), { bookable: true, listed: true, broken: [[], []] });
    t.match(await explain(across, '10:30'), { bookable: false, reason: 'off_grid', broken: [['grid'], ['grid']] });
  });
});
