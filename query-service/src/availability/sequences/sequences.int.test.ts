import { openSlotTokens } from '@agentcal/shared/http/slot-key';
import { hours, schedule, weekdays } from '@agentcal/shared/scheduling/samples';
import t from 'tap';
import { addUser, defineEventType, openShop, type TestOrganization, testProduct } from '../../testing.ts';

// The test's present is Friday 2026-11-20, noon in UTC.

t.test('several meetings one after the other', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const slots = await openSlotTokens(product.deps.vault);
  const user = (window: string) =>
    addUser(owner, shop.accountId, { timezone: 'UTC', schedule: schedule('UTC', hours(weekdays, window)) });
  const [nurse, doctor, other] = await Promise.all([user('09:00-10:30'), user('10:00-12:00'), user('11:00-12:00')]);
  const intake = await defineEventType(owner, shop.accountId, { hosts: [{ user_id: nurse }] });
  const visit = await defineEventType(owner, shop.accountId, {
    terms: { duration_minutes: 60 },
    assignment: 'round_robin',
    hosts: [{ user_id: doctor }, { user_id: other }],
  });
  const day = { start_date: '2026-11-24', end_date: '2026-11-24' };
  const ask = async (parts: object[], more: object = {}, by: TestOrganization = owner) => {
    const position = (await owner.get('/v1/accounts')).headers['agentcal-position'];
    const answer = await product.app.inject({
      method: 'POST',
      url: `${shop.account}/availability/sequences`,
      headers: { authorization: `Bearer ${by.testKey}`, 'agentcal-min-position': `${position}` },
      payload: { parts, ...day, ...more },
    });
    const body = answer.json();
    const times = body.data?.map(({ parts }: { parts: { start_time: string }[] }) =>
      parts.map(({ start_time }) => start_time.slice(11, 16)),
    );
    return { status: answer.statusCode, times, ...body };
  };
  const both = [{ event_type_id: intake }, { event_type_id: visit }];

  await t.test('each first start with the earliest ones that follow', async (t) => {
    const answer = await ask(both);
    t.same(answer.times, [
      ['09:00', '10:00'],
      ['09:30', '10:00'],
      ['10:00', '11:00'],
    ]);
    t.equal(answer.speak, 'Tuesday the twenty-fourth at nine, nine thirty, or ten');
    const [first, second] = answer.data[2].parts;
    t.match(first, { event_type_id: intake, end_time: '2026-11-24T10:30:00Z', user_ids: [nurse], weekday: 'Tuesday' });
    t.match(second, { event_type_id: visit, end_time: '2026-11-24T12:00:00Z', user_ids: [doctor, other] });
    t.match(slots.read(first.slot_id), { userId: nurse, durationMinutes: 30 });
    t.same(
      { ...slots.read(second.slot_id), expiresAt: 0 },
      {
        eventTypeId: visit,
        start: Date.parse('2026-11-24T11:00:00Z'),
        durationMinutes: 60,
        expiresAt: 0,
      },
    );
  });

  await t.test('within the gap, for those who are named, in the zone that is asked for', async (t) => {
    t.same((await ask(both, { max_gap_minutes: 15 })).times, [['09:30', '10:00']]);
    t.same((await ask(both, { min_gap_minutes: 40, max_gap_minutes: 90 })).times.length, 2);
    const named = [both[0]!, { event_type_id: visit, user_id: other }];
    const answer = await ask(named, { timezone: 'Asia/Tokyo', limit: 1, max_gap_minutes: 120 });
    t.same(answer.times, [['09:00', '11:00']]);
    t.match(answer.data[0].parts[1], { local_start: '2026-11-24T20:00:00+09:00', user_ids: [other] });
  });

  await t.test('says which part has none, and that it is the gap where each has some', async (t) => {
    const weekend = await ask(both, { start_date: '2026-11-21', end_date: '2026-11-22' });
    t.match(weekend, { data: [], reason: 'outside_hours', unmet_part: 0, speak: 'There is nothing free then.' });
    const apart = await ask(both.toReversed());
    t.same([apart.times, 'reason' in apart, 'unmet_part' in apart], [[], false, false]);
    const wrong = await ask([both[0]!, { event_type_id: visit, duration_minutes: 45 }]);
    t.match(wrong, { status: 422, code: 'duration_not_offered', detail: /Part 1/ });
  });

  await t.test('within bounds and within the tenant', async (t) => {
    t.match(await ask(both, { end_date: '2028-11-24' }), { status: 422, code: 'range_too_long' });
    t.match(await ask(both, { end_date: '2026-11-23' }), { status: 422, code: 'range_reversed' });
    t.match(await ask([both[0]!]), { status: 400, code: 'invalid_request' });
    t.match(await ask(both, { min_gap_minutes: 90 }), { status: 400, errors: [{ pointer: '/body/max_gap_minutes' }] });
    t.match(await ask(both, { timezone: 'Mars' }), { status: 400, code: 'invalid_time_zone' });
    t.match(await ask([{ event_type_id: intake, user_id: nurse, user_ids: [nurse] }, both[1]!]), { status: 400 });
    const staffed = [doctor, other].map((user_id, i) => ({ user_id, group: `${i}` }));
    const grouped = await defineEventType(owner, shop.accountId, { assignment: 'round_robin', hosts: staffed });
    const named = [both[0]!, { event_type_id: grouped, user_id: other }];
    t.match(await ask(named), { status: 400, errors: [{ pointer: '/body/parts/1/user_id' }] });
    t.match(await ask(both, {}, await product.organization()), { status: 404, code: 'not_found' });
    t.equal((await ask(both, { end_date: '2027-11-23', limit: 2 })).times.length, 2, 'a year');
  });
});
