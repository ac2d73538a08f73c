import { deriveCalendarItemId } from '@agentcal/shared/kernel/ids';
import { hours, schedule as scheduleOf, weekdays } from '@agentcal/shared/scheduling/samples';
import t from 'tap';
import { addUser, defineEventType, openShop, testProduct } from '../testing.ts';

// The test's present is Friday 2026-11-20, noon in UTC.

t.test("a user's own limits", async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const schedule = scheduleOf('UTC', hours(weekdays, '09:00-12:00'));
  const limited = (limits: readonly object[]) =>
    addUser(owner, shop.accountId, { timezone: 'UTC', schedule, added: { limits } });
  const [talk, other] = [
    await defineEventType(owner, shop.accountId, { terms: { duration_minutes: 60 } }),
    await defineEventType(owner, shop.accountId, {}),
  ];
  const book = (user_id: string, start: string, end: string) => {
    const judged_by = {
      event_type_revision: 0,
      duration_minutes: 60,
      buffer_before: 0,
      buffer_after: 0,
      timezone: 'UTC',
    };
    const data = {
      booking_id: deriveCalendarItemId('booking', user_id, start),
      ...{ user_id, account_id: shop.accountId, event_type_id: other },
      ...{ start_time: start, end_time: end, attendee: { kid: 'dk_1', sealed: 'x' }, metadata: {}, judged_by },
    };
    return owner.append(`calendar-${user_id}`, ['calendar.booking-created.v1', data]);
  };
  const list = async (userId: string, date: string) => {
    const query = `user_id=${userId}&event_type_id=${talk}&start_date=${date}&end_date=${date}`;
    const { data, reason } = (await owner.get(`${shop.account}/availability?${query}`)).json();
    return { clocks: data.map((slot: { start_time: string }) => slot.start_time.slice(11, 16)).join(' '), reason };
  };

  await t.test('count bookings of every event type', async (t) => {
    const daily = await limited([{ per: 'day', count: 1 }]);
    await book(daily, '2026-11-24T09:00:00Z', '2026-11-24T10:00:00Z');
    t.same(await list(daily, '2026-11-24'), { clocks: '', reason: 'limit_reached' });
    t.same((await list(daily, '2026-11-25')).clocks, '09:00 10:00 11:00');
    await owner.append(`user-${daily}`, ['user.changed.v1', { user_id: daily, profile: null, timezone: 'UTC' }]);
    t.same((await list(daily, '2026-11-24')).clocks, '10:00 11:00', 'once they are taken away');
  });

  await t.test('count the whole period, however far it reaches, before and after', async (t) => {
    const yearly = await limited([{ per: 'year', minutes: 150 }]);
    await book(yearly, '2027-01-05T09:00:00Z', '2027-01-05T10:00:00Z');
    t.same((await list(yearly, '2027-06-15')).clocks, '09:00 10:00 11:00');
    await book(yearly, '2027-12-20T09:00:00Z', '2027-12-20T10:00:00Z');
    t.same(await list(yearly, '2027-06-15'), { clocks: '', reason: 'limit_reached' });
    t.same((await list(yearly, '2026-12-15')).clocks, '09:00 10:00 11:00', 'another year');
  });
});
