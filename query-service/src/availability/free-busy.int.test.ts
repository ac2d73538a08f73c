import { newId } from '@agentcal/shared/kernel/ids';
import t from 'tap';
import { addUser, openShop, testProduct } from '../testing.ts';

// The test's present is Friday 2026-11-20, 07:00 in New York; users work there Monday to Friday, nine to five.

t.test('free and busy', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const other = await openShop(owner, product.deps);
  const second = `${shop.userId.slice(0, -4)}${shop.userId.endsWith('0000') ? '1111' : '0000'}`;
  await owner.append(`user-${second}`, [
    'user.added.v1',
    { user_id: second, account_id: shop.accountId, profile: null, timezone: 'Europe/Berlin' },
  ]);
  await shop.book('2026-11-24T17:00:00Z', { minutes: 60 });
  await owner.append(`user-${shop.userId}`, [
    'user.away-set.v1',
    {
      user_id: shop.userId,
      account_id: shop.accountId,
      away_id: 'away_t',
      start_time: '2026-11-24T20:00:00Z',
      end_time: '2026-11-26T00:00:00Z',
    },
  ]);
  const tuesday = 'start_time=2026-11-24T00:00:00Z&end_time=2026-11-25T00:00:00Z';
  const read = async (query: string, by = owner) => {
    const answer = await by.get(`${shop.account}/free-busy?${query}`);
    return { status: answer.statusCode, ...answer.json() };
  };

  await t.test('of several users, in the order in which they were asked for', async (t) => {
    const { data } = await read(`user_ids=${second},${shop.userId},${second}&${tuesday}`);
    t.same(data, [
      {
        user_id: second,
        timezone: 'Europe/Berlin',
        busy: [],
        free: [{ start_time: '2026-11-24T08:00:00Z', end_time: '2026-11-24T16:00:00Z' }],
      },
      {
        user_id: shop.userId,
        timezone: 'America/New_York',
        busy: [
          { start_time: '2026-11-24T17:00:00Z', end_time: '2026-11-24T18:00:00Z' },
          { start_time: '2026-11-24T20:00:00Z', end_time: '2026-11-25T00:00:00Z' },
        ],
        free: [
          { start_time: '2026-11-24T14:00:00Z', end_time: '2026-11-24T17:00:00Z' },
          { start_time: '2026-11-24T18:00:00Z', end_time: '2026-11-24T20:00:00Z' },
        ],
      },
    ]);
    t.equal((await read(`user_ids=${second}&user_ids=${shop.userId}&${tuesday}`)).data.length, 2);
  });

  await t.test('of a room, and of somebody of whom a plan has taken a part of another’s booking', async (t) => {
    const of = { account_id: shop.accountId, event_type_id: shop.eventTypeId };
    const added = { kind: 'resource' };
    const room = await addUser(owner, shop.accountId, { timezone: 'Europe/Berlin', added });
    const ids = [room, second];
    const part = (userId: string) => `part_${userId.slice(5)}${newId('user').slice(5)}`;
    const parts = ids.map((user_id) => ({ user_id, part_id: part(user_id) }));
    const judged_by = {
      event_type_revision: 0,
      duration_minutes: 30,
      buffer_before: 15,
      buffer_after: 15,
      timezone: 'UTC',
    };
    const times = { start_time: '2026-11-24T09:00:00Z', end_time: '2026-11-24T09:30:00Z' };
    const plan = { plan_id: 'plan', booking_id: `bkg_${room.slice(5)}${room.slice(5)}`, judged_by };
    for (const one of parts) {
      await owner.append(`calendar-${one.user_id}`, ['calendar.part-claimed.v1', { ...of, ...one, ...plan, ...times }]);
    }
    const { data } = await read(`user_ids=${ids.join(',')}&${tuesday}`);
    t.match(data, [
      { user_id: room, busy: [times], free: [{ start_time: '2026-11-24T08:00:00Z' }, { start_time: times.end_time }] },
      { user_id: second, busy: [times] },
    ]);
    const dates = 'start_date=2026-11-24T08:00:00Z&end_date=2026-11-24T10:00:00Z&timezone=UTC';
    const slots = async () => {
      const path = `${shop.account}/availability?user_id=${room}&event_type_id=${shop.eventTypeId}&${dates}`;
      return (await owner.get(path)).json().data.map((slot: { start_time: string }) => slot.start_time.slice(11, 16));
    };
    t.same(await slots(), ['08:00'], 'a part has its buffers');
    await owner.append(`calendar-${room}`, ['calendar.part-released.v1', parts[0]!]);
    t.same(await slots(), ['08:00', '08:30', '09:00', '09:30'], 'and frees its time when it is released');
    await owner.append(`calendar-${second}`, ['calendar.part-released.v1', parts[1]!]);
  });

  await t.test('only within the account and the tenant', async (t) => {
    const missing = await read(`user_ids=${shop.userId},${other.userId}&${tuesday}`);
    t.match(missing, { status: 404, code: 'not_found' });
    t.equal((await read(`user_ids=${shop.userId}&${tuesday}`, await product.organization())).status, 404);
    t.equal(
      (await owner.get(`${shop.account}/free-busy?user_ids=${shop.userId}&${tuesday}`, { key: owner.liveKey }))
        .statusCode,
      404,
    );
  });

  await t.test('within bounds', async (t) => {
    const many = Array.from({ length: 51 }, (_, i) => `usr_${i}`).join(',');
    t.match(await read(`user_ids=${many}&${tuesday}`), { status: 400, errors: [{ pointer: '/query/user_ids' }] });
    t.match(await read(`user_ids=,&${tuesday}`), { status: 400, errors: [{ pointer: '/query/user_ids' }] });
    t.match(await read(tuesday), { status: 400, code: 'invalid_request' });
    const of = `user_ids=${shop.userId}`;
    const years = await read(`${of}&start_time=2026-11-24T00:00:00Z&end_time=2028-11-24T00:00:00Z`);
    t.match(years, { status: 422, code: 'range_too_long' });
    const back = await read(`${of}&start_time=2026-11-25T00:00:00Z&end_time=2026-11-24T00:00:00Z`);
    t.match(back, { status: 422, code: 'range_reversed' });
  });
});
