import { hours, schedule as scheduleOf, weekdays } from '@agentcal/shared/scheduling/samples';
import t from 'tap';
import { addUser, defineEventType, openShop, testProduct } from '../testing.ts';

// The test's present is Friday 2026-11-20, noon in UTC; the host works Monday to Friday, nine to five in UTC.

t.test('the hours of an account', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps);
  const office = scheduleOf('UTC', hours(weekdays, '09:00-17:00'));
  const host = await addUser(owner, shop.accountId, { timezone: 'UTC', schedule: office });
  const colleague = await addUser(owner, shop.accountId, { timezone: 'UTC', schedule: office });
  const eventType = (more: object) =>
    defineEventType(owner, shop.accountId, { terms: { duration_minutes: 60 }, ...more });
  const talk = await eventType({ hosts: [{ user_id: host }] });
  const team = await eventType({ assignment: 'collective', hosts: [{ user_id: host }, { user_id: colleague }] });
  const early = await eventType({
    hosts: [{ user_id: host }],
    hours: scheduleOf('UTC', hours(weekdays, '08:00-11:00')),
  });
  const set = (schedule: object) =>
    owner.append(`account-${shop.accountId}`, ['account.schedule-set.v1', { account_id: shop.accountId, schedule }]);
  const list = async (eventTypeId: string, date = '2026-11-24') => {
    const query = `event_type_id=${eventTypeId}&start_date=${date}&end_date=${date}&timezone=UTC`;
    const body = (await owner.get(`${shop.account}/availability?${query}`)).json();
    return {
      ...body,
      clocks: body.data.map((slot: { start_time: string }) => slot.start_time.slice(11, 16)).join(' '),
    };
  };
  const explain = async (eventTypeId: string, clock: string) => {
    const query = `event_type_id=${eventTypeId}&start_time=2026-11-24T${clock}:00Z`;
    return (await owner.get(`${shop.account}/availability/explain?${query}`)).json();
  };
  const broken = ({ rules }: { rules: { rule: string; ok: boolean }[] }) =>
    rules.flatMap(({ rule, ok }) => (ok ? [] : [rule]));
  const path = `${shop.account}/schedule`;

  await t.test('are not there until they are set', async (t) => {
    t.equal((await list(talk)).clocks, '09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00');
    t.match((await owner.get(path)).json(), { status: 404, code: 'not_found' });
    t.notMatch((await explain(talk, '10:00')).rules, [{ rule: 'account_hours' }]);
  });

  const tenToFour = scheduleOf('UTC', hours(weekdays, '10:00-16:00'));
  await set(tenToFour);

  await t.test('hold besides those of every host', async (t) => {
    const read = await owner.get(path);
    t.same(read.json(), tenToFour);
    t.equal(read.headers.etag, '"1"');
    t.equal((await owner.get(shop.account)).headers.etag, '"1"');
    t.equal((await list(talk)).clocks, '10:00 11:00 12:00 13:00 14:00 15:00');
    t.equal((await list(team)).clocks, '10:00 11:00 12:00 13:00 14:00 15:00');
    t.match(await list(talk, '2026-11-22'), { data: [], reason: 'outside_hours' });
    const words = { query: 'Tuesday before 11', event_type_id: talk };
    const headers = { authorization: `Bearer ${owner.testKey}` };
    const said = await product.app.inject({
      method: 'POST',
      url: `${shop.account}/availability/query`,
      headers,
      payload: words,
    });
    t.same(
      said.json().data.map((slot: { start_time: string }) => slot.start_time),
      ['2026-11-24T10:00:00Z'],
    );
  });

  await t.test('are told apart from them where a start is explained', async (t) => {
    const opening = await explain(talk, '09:00');
    t.match(opening, { bookable: false, reason: 'outside_hours' });
    t.same(broken(opening), ['account_hours']);
    t.match(
      opening.rules.find(({ rule }: { rule: string }) => rule === 'account_hours'),
      {
        detail: '2026-11-24T09:00:00+00:00 to 2026-11-24T10:00:00+00:00 is not within the opening hours of that day',
        intervals: [{ kind: 'open', start_time: '2026-11-24T10:00:00Z', end_time: '2026-11-24T16:00:00Z' }],
      },
    );
    t.same(broken(await explain(talk, '17:00')), ['hours', 'account_hours']);
    const ofTeam = await explain(team, '09:00');
    t.same(ofTeam.hosts.map(broken), [['account_hours'], ['account_hours']]);
  });

  await t.test('give way to those of an event type', async (t) => {
    t.equal((await list(early)).clocks, '09:00 10:00');
    t.same(broken(await explain(early, '11:00')), ['event_type_hours']);
    t.same(broken(await explain(early, '08:00')), ['hours']);
  });

  await t.test('close on public holidays, where they ask for that', async (t) => {
    t.not((await list(talk, '2026-11-26')).clocks, '', 'Thanksgiving');
    await set({ ...tenToFour, holidays: { country: 'US' } });
    t.match(await list(talk, '2026-11-26'), { data: [], reason: 'outside_hours' });
    t.not((await list(talk)).clocks, '');
    t.not((await list(early, '2026-11-26')).clocks, '', 'the event type has hours of its own');
  });

  await t.test('are gone once they are cleared', async (t) => {
    await owner.append(`account-${shop.accountId}`, ['account.schedule-cleared.v1', { account_id: shop.accountId }]);
    t.equal((await list(talk)).clocks, '09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00');
    t.equal((await owner.get(path)).statusCode, 404);
  });

  await t.test('are nobody else’s to read', async (t) => {
    await set(tenToFour);
    const stranger = await product.organization();
    t.equal((await stranger.get(path)).statusCode, 404);
    t.equal((await owner.get(path, { key: owner.liveKey })).statusCode, 404);
  });
});
