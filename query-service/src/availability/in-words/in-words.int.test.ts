import t from 'tap';
import { addUser, defineEventType, openShop, type TestOrganization, testProduct } from '../../testing.ts';

// The test's present is Friday 2026-11-20, 07:00 in New York; the user works there Monday to Friday, nine to five.

t.test('availability in words', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const shop = await openShop(owner, product.deps, { terms: { durations: [30, 60] } });
  await shop.book('2026-11-24T17:00:00Z', { minutes: 60 });
  const asked = async (query: string, more: object = {}, by: TestOrganization = owner) => {
    const answer = await product.app.inject({
      method: 'POST',
      url: `${shop.account}/availability/query`,
      headers: { authorization: `Bearer ${by.testKey}`, 'agentcal-min-position': `${await position()}` },
      payload: { query, user_id: shop.userId, event_type_id: shop.eventTypeId, ...more },
    });
    const body = answer.json();
    return {
      status: answer.statusCode,
      starts: body.data?.map((slot: { local_start: string }) => slot.local_start.slice(5, 16)),
      ...body,
    };
  };
  const position = async () => (await owner.get('/v1/accounts')).headers['agentcal-position'];

  await t.test('a part of a day, and a duration', async (t) => {
    const answer = await asked('next Tuesday afternoon, 30 minutes', { limit: 3 });
    t.match(answer, {
      status: 200,
      timezone: 'America/New_York',
      starts: ['11-24T13:00', '11-24T13:30', '11-24T14:00'],
      speak: 'Tuesday the twenty-fourth at one, one thirty, or two',
      interpretation: {
        text: /^Tuesday .*24.* from 12:00 to 17:00, 30 minutes$/,
        windows: [{ date: '2026-11-24', start_time: '12:00', end_time: '17:00', kind: 'starts_within' }],
        duration_minutes: 30,
        order: 'earliest',
        ambiguous: false,
        unparsed: [],
      },
    });
    t.same(answer.interpretation.alternatives, []);
  });

  await t.test('as said where the attendee is', async (t) => {
    const answer = await asked('Tuesday afternoon', { timezone: 'Europe/Berlin' });
    t.match(answer, {
      timezone: 'Europe/Berlin',
      starts: ['11-24T15:00', '11-24T15:30', '11-24T16:00', '11-24T16:30'],
    });
  });

  await t.test('the whole meeting between two times', async (t) => {
    t.same((await asked('Monday between 2 and 3')).starts, ['11-23T14:00', '11-23T14:30']);
    t.same((await asked('Monday between 2 and 3 for an hour')).starts, ['11-23T14:00']);
    t.same((await asked('Monday before 10')).starts, ['11-23T09:00', '11-23T09:30']);
  });

  await t.test('an exact time', async (t) => {
    t.match(await asked('Monday at 3'), { starts: ['11-23T15:00'], interpretation: { assumptions: [/15:00/] } });
    t.same((await asked('Monday at half past nine for an hour')).starts, [], 'not on the grid');
  });

  await t.test('the latest', async (t) => {
    const answer = await asked('as late as possible on Monday', { limit: 2 });
    t.match(answer, {
      starts: ['11-23T16:30', '11-23T16:00'],
      speak: 'Monday the twenty-third at four thirty or four',
      interpretation: { order: 'latest' },
    });
  });

  await t.test('by the clock of a zone that the text names, on the speaker’s day', async (t) => {
    const answer = await asked('Monday at 4pm Berlin time', { timezone: 'America/Los_Angeles' });
    t.match(answer, {
      timezone: 'America/Los_Angeles',
      starts: ['11-23T07:00'],
      interpretation: { timezone: 'Europe/Berlin', windows: [{ date: '2026-11-23', start_time: '16:00' }] },
    });
    // It is four in the morning in Los Angeles, and there it is still today in ten hours' time.
    const today = await asked('today at 10am Eastern', { timezone: 'America/Los_Angeles' });
    t.same(today.starts, ['11-20T07:00']);
    const over = await asked('today at 9am Tokyo time', { timezone: 'America/Los_Angeles' });
    t.match(over, { status: 422, code: 'query_not_understood' });
  });

  await t.test('a date in the order that is asked for', async (t) => {
    const window = async (more: object) => (await asked('on 2/12 at 10', more)).interpretation.windows[0].date;
    t.same([await window({}), await window({ date_order: 'day_first' })], ['2027-02-12', '2026-12-02']);
  });

  await t.test('what can be meant in two ways has the slots of both', async (t) => {
    t.match(await asked('next Sunday'), {
      interpretation: { ambiguous: true, alternatives: [{ windows: [{ date: '2026-11-22' }], data: [] }] },
    });
    const far = await asked('on 4/5 in the morning');
    t.match(far.interpretation.alternatives, [{ text: String, because: String, windows: [{ kind: 'starts_within' }] }]);
    t.ok(far.interpretation.alternatives[0].data.length <= 3);
  });

  await t.test('where nothing is free: why, and what is nearest', async (t) => {
    t.match(await asked('Tuesday at noon'), {
      status: 200,
      data: [],
      reason: 'slot_taken',
      nearest: [
        { start_time: '2026-11-24T16:00:00Z' },
        { start_time: '2026-11-24T16:30:00Z' },
        { start_time: '2026-11-24T18:00:00Z' },
      ],
      speak:
        /^There is nothing free then\. The nearest are Tuesday the twenty-fourth at eleven, eleven thirty, or one\.$/,
    });
    t.match(await asked('on Saturday'), { data: [], reason: 'outside_hours', nearest: [{}, {}, {}] });
    t.match(await asked('Tuesday between 11 and 11:15'), {
      data: [],
      nearest: [{}, { start_time: '2026-11-24T16:00:00Z' }, {}],
    });
  });

  await t.test('far ahead, and what was not understood', async (t) => {
    const answer = await asked('the week of March 8, mornings, purple');
    t.match(answer, { interpretation: { unparsed: ['purple'], ambiguous: true, alternatives: [] } });
    t.equal(answer.starts[0], '03-08T09:00');
  });

  await t.test('refuses with examples what it cannot read', async (t) => {
    t.match(await asked('qwertz uiop'), {
      status: 422,
      code: 'query_not_understood',
      detail: /next Tuesday afternoon/,
    });
    t.match(await asked('constructor'), { status: 422, code: 'query_not_understood' });
    t.match(await asked('Monday, but not with a cat'), { status: 422, detail: /rules out what could not/ });
    t.match(await asked('Monday for 45 minutes'), { status: 422, code: 'duration_not_offered', detail: /30, 60/ });
    t.match(await asked('from 1/1/2027 to 1/1/2029'), { status: 422, code: 'range_too_long' });
    t.match(await asked('x'.repeat(501)), { status: 400, errors: [{ pointer: '/body/query' }] });
    t.match(await asked('Monday', { timezone: 'Mars' }), { status: 400, code: 'invalid_time_zone' });
    t.match(await asked('Monday', { user_id: undefined }), { status: 400, errors: [{ pointer: '/body/user_id' }] });
    t.match(await asked('Monday', {}, await product.organization()), { status: 404, code: 'not_found' });
  });

  await t.test('of the hosts of an event type, and of those who are named', async (t) => {
    const late = await addUser(owner, shop.accountId, { timezone: 'America/Los_Angeles' });
    const hosts = [{ user_id: shop.userId }, { user_id: late }];
    const ofType = (assignment: string) => defineEventType(owner, shop.accountId, { assignment, hosts });
    const [roundRobin, collective] = [await ofType('round_robin'), await ofType('collective')];
    const unnamed = { user_id: undefined, limit: 1 };
    const either = await asked('Tuesday at 4', { ...unnamed, event_type_id: roundRobin });
    t.match(either, { timezone: 'America/New_York', data: [{ user_ids: [shop.userId, late], slot_id: /^slot_/ }] });
    const both = await asked('Tuesday, as early as possible', { ...unnamed, event_type_id: collective });
    t.match(both, { starts: ['11-24T13:00'], data: [{ user_ids: [shop.userId, late] }] });
    const named = await asked('Tuesday at 6pm', { ...unnamed, user_ids: [shop.userId, late] });
    t.match(named, { starts: ['11-24T18:00'], data: [{ user_ids: [late] }] });
    t.match(await asked('Tuesday at 9', { ...unnamed, event_type_id: collective }), {
      data: [],
      reason: 'outside_hours',
      nearest: [{ user_ids: [shop.userId, late] }, {}, {}],
    });
    t.match(await asked('Monday', { user_ids: [late] }), { status: 400, errors: [{ pointer: '/body/user_ids' }] });
  });
});
