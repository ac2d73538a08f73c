import t from 'tap';
import { openShop, testProduct } from '../testing.ts';

// The test's present is Friday 2026-11-20, 07:00 in New York; the user works there Monday to Friday, nine to five.

t.test('listing', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps, { terms: { durations: [30, 60] } });
  const list = async (query: string) => {
    const answer = await owner.get(`${shop.account}/availability?event_type_id=${shop.eventTypeId}&${query}`);
    return { status: answer.statusCode, ...answer.json() };
  };
  const user = `user_id=${shop.userId}`;
  await shop.book('2026-11-23T14:00:00Z', { minutes: 180 });

  await t.test('says options for a voice, and no more than it lists', async (t) => {
    const all = await list(`${user}&start_date=2026-11-23&end_date=2026-11-24`);
    t.equal(all.data.length, 26);
    t.equal(all.speak, 'Monday the twenty-third at noon or two, or Tuesday the twenty-fourth at nine');
    t.notOk('reason' in all || 'nearest' in all);
    const one = await list(`${user}&start_date=2026-11-23&end_date=2026-11-24&limit=1`);
    t.match(one, { data: [{ start_time: '2026-11-23T17:00:00Z' }], speak: 'Monday the twenty-third at noon' });
    t.equal(one.data.length, 1);
  });

  await t.test('says and shows times in the zone that was asked for', async (t) => {
    const answer = await list(`${user}&start_date=2026-11-24&end_date=2026-11-24&timezone=Europe/Berlin&limit=1`);
    t.match(answer, {
      timezone: 'Europe/Berlin',
      data: [{ local_start: '2026-11-24T15:00:00+01:00' }],
      speak: 'Tuesday the twenty-fourth at three',
    });
  });

  await t.test('of a duration', async (t) => {
    const day = `${user}&start_date=2026-11-24&end_date=2026-11-24`;
    for (const name of ['duration_minutes', 'duration']) {
      const { data } = await list(`${day}&${name}=60`);
      t.equal(data.length, 8);
      t.match(data[0], { start_time: '2026-11-24T14:00:00Z', end_time: '2026-11-24T15:00:00Z' });
    }
    t.match(await list(`${day}&duration_minutes=45`), { status: 422, code: 'duration_not_offered' });
  });

  await t.test('an empty answer says why, and what is nearest, before or after', async (t) => {
    const weekend = await list(`${user}&start_date=2026-11-21&end_date=2026-11-22`);
    t.match(weekend, {
      status: 200,
      data: [],
      reason: 'outside_hours',
      nearest: [
        { start_time: '2026-11-20T20:30:00Z', user_ids: [shop.userId] },
        { start_time: '2026-11-20T21:00:00Z', weekday: 'Friday' },
        { start_time: '2026-11-20T21:30:00Z' },
      ],
    });
    t.equal(
      weekend.speak,
      'There is nothing free then. The nearest are Friday the twentieth at three thirty, four, or four thirty.',
    );
    const taken = await list(`${user}&start_date=2026-11-23T14:00:00Z&end_date=2026-11-23T16:00:00Z`);
    t.match(taken, { data: [], reason: 'slot_taken', nearest: [{}, {}, {}] });
    t.equal(taken.nearest[0].start_time, '2026-11-23T17:00:00Z');
    t.match(await list(`${user}&start_date=2026-11-02&end_date=2026-11-03`), {
      reason: 'too_soon',
      nearest: [{ start_time: '2026-11-20T14:00:00Z' }, {}, {}],
    });
  });

  await t.test('without a user where the event type does not name one host', async (t) => {
    const answer = await list('start_date=2026-11-23&end_date=2026-11-24');
    t.match(answer, { status: 400, code: 'invalid_request', errors: [{ pointer: '/query/user_id' }] });
  });

  await t.test('of the one host of an event type, and of nobody who is not one', async (t) => {
    const terms = { duration_minutes: 30, buffer_before: 0, buffer_after: 0, min_notice_minutes: 0 };
    const settings = { name: 'Visit', slug: 'visit', terms, metadata: {}, hosts: [{ user_id: shop.userId }] };
    const changed = { event_type_id: shop.eventTypeId, settings };
    await owner.append(`eventtype-${shop.eventTypeId}`, ['eventtype.changed.v1', changed]);
    const { data } = await list('start_date=2026-11-24&end_date=2026-11-24');
    t.match(data[0], { user_ids: [shop.userId] });
    const other = `usr_${'0'.repeat(shop.userId.length - 4)}`;
    const hosts = [{ user_id: other }];
    const elsewhere = { event_type_id: shop.eventTypeId, settings: { ...settings, hosts } };
    await owner.append(`eventtype-${shop.eventTypeId}`, ['eventtype.changed.v1', elsewhere]);
    const refused = await list(`${user}&start_date=2026-11-24&end_date=2026-11-24`);
    t.match(refused, { status: 422, code: 'host_unavailable' });
  });
});

t.test('public holidays that a schedule asks for are closed here as they are for a booking', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const rules = [1, 2, 3, 4, 5].map((day_of_week) => ({ day_of_week, start_time: '09:00', end_time: '17:00' }));
  const schedule = { timezone: 'America/New_York', rules, holidays: { country: 'US' } };
  await owner.append(`user-${shop.userId}`, ['user.schedule-set.v1', { user_id: shop.userId, schedule }]);
  const of = `user_id=${shop.userId}&event_type_id=${shop.eventTypeId}`;
  const answer = await owner.get(`${shop.account}/availability?${of}&start_date=2026-11-26&end_date=2026-11-26`);
  t.match(answer.json(), { data: [], reason: 'outside_hours' });
});
