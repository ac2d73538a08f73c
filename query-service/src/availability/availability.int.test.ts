import { day, toIso } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { openShop, type TestProduct, testProduct } from '../testing.ts';

/** Times of listed slots, as the caller's zone shows them, and the rest of the answer. */
async function ask(
  product: TestProduct,
  organization: Awaited<ReturnType<TestProduct['organization']>>,
  more: { terms?: object } = {},
) {
  const shop = await openShop(organization, product.deps, more);
  const availability = async (query: string) => {
    const path = `${shop.account}/availability?user_id=${shop.userId}&event_type_id=${shop.eventTypeId}&${query}`;
    const answer = await organization.get(path);
    const body = answer.json();
    return {
      status: answer.statusCode,
      body,
      times: body.data?.map((slot: { local_start: string }) => slot.local_start),
    };
  };
  return { ...shop, availability };
}

// The clock of these stories stands at noon UTC on Friday, 20 November 2026. New York is five hours behind.
const tuesday = 'start_date=2026-11-24&end_date=2026-11-24';

t.test('availability', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();

  await t.test('of a day in the user’s own zone', async (t) => {
    const { availability, userId } = await ask(product, organization);
    const { body, times } = await availability(tuesday);
    t.equal(times.length, 16);
    const { slot_id, ...first } = body.data[0];
    t.match(slot_id, /^slot_[0-9a-z]{88}$/);
    t.same(first, {
      start_time: '2026-11-24T14:00:00Z',
      end_time: '2026-11-24T14:30:00Z',
      local_start: '2026-11-24T09:00:00-05:00',
      weekday: 'Tuesday',
      user_ids: [userId],
    });
    t.equal(body.timezone, 'America/New_York');
    t.notOk('reason' in body);
  });

  await t.test('of a day in the caller’s zone: the same slots, cut at the caller’s midnight', async (t) => {
    const { availability } = await ask(product, organization);
    const { body, times } = await availability(`${tuesday}&timezone=Asia/Tokyo`);
    t.equal(body.timezone, 'Asia/Tokyo');
    t.equal(times[0], '2026-11-24T00:00:00+09:00', 'Monday, 10:00 in New York');
    t.equal(times.at(-1), '2026-11-24T23:30:00+09:00', 'Tuesday, 09:30 in New York');
  });

  await t.test('without what is booked, mirrored as busy, held or out of office', async (t) => {
    const shop = await ask(product, organization);
    const { append } = organization;
    const of = { user_id: shop.userId, account_id: shop.accountId };
    const booked = await shop.book('2026-11-24T14:00:00Z');
    const window = { window_start: '2026-11-24T00:00:00Z', window_end: '2026-11-25T00:00:00Z' };
    const busy = [{ start_time: '2026-11-24T15:10:00Z', end_time: '2026-11-24T15:20:00Z' }];
    await append(`calendar-${shop.userId}`, [
      'calendar.external-busy-mirrored.v1',
      { ...of, source: 's', ...window, busy },
    ]);
    await append(`user-${shop.userId}`, [
      'user.away-set.v1',
      { ...of, away_id: 'away_t', start_time: '2026-11-24T17:00:00Z', end_time: '2026-11-24T22:00:00Z' },
    ]);
    const judged_by = {
      event_type_revision: 0,
      duration_minutes: 30,
      buffer_before: 0,
      buffer_after: 30,
      timezone: 'UTC',
    };
    const times = { start_time: '2026-11-24T16:00:00Z', end_time: '2026-11-24T16:30:00Z' };
    const hold = { hold_id: 'hold_1', event_type_id: shop.eventTypeId, ...times, holder: 'key_1', judged_by };
    const expires_at = toIso(product.clock.at + 60_000);
    await append(`calendar-${shop.userId}`, ['calendar.slot-held.v1', { ...of, ...hold, expires_at }]);
    const utc = `${tuesday}&timezone=UTC`;
    t.same((await shop.availability(utc)).times, ['2026-11-24T14:30:00+00:00', '2026-11-24T15:30:00+00:00']);

    await shop.happened('booking-cancelled', booked);
    t.equal((await shop.availability(utc)).times[0], '2026-11-24T14:00:00+00:00', 'a cancelled booking frees its time');
    product.clock.at += 61_000;
    t.equal((await shop.availability(utc)).times.length, 5, 'and so does a hold that has expired');
    product.clock.at -= 61_000;
  });

  await t.test('a schedule that is set counts at once', async (t) => {
    const shop = await ask(product, organization);
    t.equal((await shop.availability(tuesday)).times.length, 16);
    const schedule = {
      timezone: 'America/New_York',
      rules: [{ day_of_week: 2, start_time: '10:00', end_time: '11:00' }],
    };
    await organization.append(`user-${shop.userId}`, ['user.schedule-set.v1', { user_id: shop.userId, schedule }]);
    t.equal((await shop.availability(tuesday)).times.length, 2);
  });

  await t.test('the grid of an afternoon is the day’s, also where what moved it lies before the range', async (t) => {
    const shop = await ask(product, organization, { terms: { duration_minutes: 60, slot_interval_minutes: 60 } });
    await shop.book('2026-11-24T14:00:00Z', { minutes: 45 });
    const whole = (await shop.availability(tuesday)).times.slice(3);
    const part = await shop.availability('start_date=2026-11-24T18:00:00Z&end_date=2026-11-24');
    t.same(part.times, whole);
  });

  await t.test('a yearly limit counts bookings of the whole year, however far from the range', async (t) => {
    const shop = await ask(product, organization, { terms: { limits: [{ per: 'year', count: 1 }] } });
    await shop.book('2027-01-05T15:00:00Z');
    const answer = await shop.availability('start_date=2027-12-06&end_date=2027-12-10');
    t.same([answer.times, answer.body.reason], [[], 'limit_reached']);
    t.ok((await shop.availability(tuesday)).times.length > 0);
  });

  await t.test('the next open days are counted from today, however far ahead the range is', async (t) => {
    const shop = await ask(product, organization, { terms: { booking_window: { type: 'open_days', days: 2 } } });
    const monday = 'start_date=2026-11-23&end_date=2026-11-23';
    t.equal((await shop.availability(monday)).times.length, 16, 'Friday and Monday');
    t.equal((await shop.availability(tuesday)).body.reason, 'outside_window');
    for (let at = 14.5; at < 22; at += 0.5) await shop.book(toIso(Date.parse('2026-11-20T00:00:00Z') + at * 3_600_000));
    await shop.book('2026-11-20T14:00:00Z');
    t.equal((await shop.availability(tuesday)).times.length, 16, 'a day that is full is not an open one');
  });

  await t.test('says why there is none', async (t) => {
    const shop = await ask(product, organization, { terms: { min_notice_minutes: 1_440 } });
    const reason = async (query: string) => (await shop.availability(query)).body.reason;
    t.equal(await reason('start_date=2026-11-28&end_date=2026-11-29'), 'outside_hours', 'a weekend');
    t.equal(await reason('start_date=2026-11-20&end_date=2026-11-20'), 'too_soon', 'today, with a day’s notice');
    await shop.book('2026-11-24T14:00:00Z', { minutes: 480 });
    t.equal(await reason(tuesday), 'slot_taken');
  });

  await t.test('of another duration, and only the first ones', async (t) => {
    const shop = await ask(product, organization, { terms: { durations: [30, 120] } });
    t.equal((await shop.availability(`${tuesday}&duration=120`)).times.length, 4);
    t.match(await shop.availability(`${tuesday}&duration=45`), { status: 422, body: { code: 'duration_not_offered' } });
    t.equal((await shop.availability(`${tuesday}&limit=3`)).times.length, 3);
    const next = await shop.availability('start_date=2026-11-28&limit=1');
    t.same(next.times, ['2026-11-30T09:00:00-05:00'], 'the next one from a day on, without an end');
  });

  await t.test('more starts than one answer holds are asked for in parts', async (t) => {
    const shop = await ask(product, organization, { terms: { duration_minutes: 1 } });
    const month = 'start_date=2026-11-24&end_date=2026-12-31';
    const { status, body } = await shop.availability(month);
    t.match({ status, body }, { status: 422, body: { code: 'range_too_long', detail: /5000 starts/ } });
    t.equal((await shop.availability(`${month}&limit=1000`)).times.length, 1000);
  });

  await t.test('what cannot be answered is told from what is not there', async (t) => {
    const { availability, account, userId, eventTypeId } = await ask(product, organization);
    const refused = async (query: string, status: number, code: string) =>
      t.match(await availability(query), { status, body: { code } }, query);
    await refused('start_date=2026-11-25&end_date=2026-11-24', 422, 'range_reversed');
    await refused('start_date=2026-11-25&end_date=2027-11-26', 422, 'range_too_long');
    await refused('start_date=2026-11-25&end_date=2027-11-26&timezone=UTC', 422, 'range_too_long');
    await refused(`${tuesday}&timezone=Mars/Olympus`, 400, 'invalid_time_zone');
    await refused('start_date=2026-11-31&end_date=2026-12-01', 400, 'invalid_request');
    await refused('start_date=tomorrow&end_date=2026-12-01', 400, 'invalid_request');
    await refused('end_date=2026-11-24', 400, 'invalid_request');
    await refused('start_date=0000-01-01&end_date=0000-02-01', 400, 'invalid_request');
    const far = `start_date=${toIso(Date.parse('9990-01-01'))}&end_date=${toIso(Date.parse('9990-01-01') + day)}`;
    t.equal((await availability(far)).status, 200);
    for (const [user, type] of [
      ['user_nobody', eventTypeId],
      [userId, 'evt_nothing'],
    ]) {
      const { statusCode } = await organization.get(
        `${account}/availability?user_id=${user}&event_type_id=${type}&${tuesday}`,
      );
      t.equal(statusCode, 404);
    }
  });
});
