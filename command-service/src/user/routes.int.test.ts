import t from 'tap';
import { testService } from '../testing.ts';
import { mornings } from './samples.ts';

const john = { name: 'John', email: 'john@acme.test', timezone: 'America/New_York' };

async function world(t: Parameters<typeof testService>[0]) {
  const service = await testService(t);
  const { test: key } = await service.register();
  const account = await service.call('POST', '/v1/accounts', { key, body: { name: 'Acme' } });
  const users = `${account.headers.location}/users`;
  const add = (body: object = john, headers = {}) => service.call('POST', users, { key, body, headers });
  return {
    ...service,
    key,
    users,
    add,
    accountId: account.body.id as string,
    accountPath: account.headers.location as string,
  };
}

t.test('a user is added, changed and removed', async (t) => {
  const { call, key, add, accountId } = await world(t);
  const made = await add(john, { 'idempotency-key': 'john' });
  const path = made.headers.location as string;
  t.match(made, {
    status: 201,
    headers: { location: /\/users\/user_/, etag: '"0"' },
    body: { ...john, id: /^user_/, account_id: accountId, calendar_id: null, created_at: '2030-05-02T10:00:00Z' },
  });
  t.same((await add(john, { 'idempotency-key': 'john' })).body, made.body, 'repeated');

  const renamed = await call('PATCH', path, { key, body: { name: 'Jon' } });
  t.match(renamed, { status: 200, headers: { etag: '"1"' }, body: { ...john, name: 'Jon' } });
  const again = await call('PATCH', path, { key, body: { name: 'Jon', email: john.email } });
  t.match(again, { status: 200, headers: { etag: '"1"' }, body: { name: 'Jon' } }, 'nothing new, no event');
  const moved = await call('PATCH', path, { key, body: { timezone: 'UTC' }, headers: { 'if-match': '"1"' } });
  t.match(moved, { status: 200, headers: { etag: '"2"' }, body: { name: 'Jon', timezone: 'UTC' } });
  t.match(await call('PATCH', path, { key, body: { name: 'J' }, headers: { 'if-match': '"1"' } }), { status: 412 });

  for (const time of ['first', 'second']) {
    t.match(await call('DELETE', path, { key }), { status: 200, body: { name: 'Jon', timezone: 'UTC' } }, time);
  }
  t.match(await call('PATCH', path, { key, body: { name: 'J' } }), { status: 404 });
});

t.test('changes to different fields at the same time are all kept', async (t) => {
  const { call, key, add } = await world(t);
  const path = (await add()).headers.location as string;
  const changes = [{ name: 'Jon' }, { email: 'jon@acme.test' }, { timezone: 'UTC' }];
  const answers = await Promise.all(changes.map((body) => call('PATCH', path, { key, body })));
  t.same(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  t.match(await call('PATCH', path, { key, body: { timezone: 'UTC' } }), {
    body: { name: 'Jon', email: 'jon@acme.test', timezone: 'UTC' },
  });
});

t.test('nobody who says no revision is told that theirs is old, however many change one user at once', async (t) => {
  const { call, key, add } = await world(t);
  const path = (await add()).headers.location as string;
  const names = Array.from({ length: 40 }, (_, i) => `John ${i}`);
  const answers = await Promise.all(names.map((name) => call('PATCH', path, { key, body: { name } })));
  t.same(
    answers.map(({ status, body }) => [status, body.name]),
    names.map((name) => [200, name]),
  );
});

t.test('names, addresses and reasons are in no event and in no log line', async (t) => {
  const { call, key, add, store, lines } = await world(t);
  const path = (await add()).headers.location as string;
  await call('PATCH', path, { key, body: { name: 'Jonathan' } });
  const away = { start_time: '2030-06-01T00:00:00Z', end_time: '2030-06-02T00:00:00Z', reason: 'Surgery' };
  t.match(await call('POST', `${path}/away`, { key, body: away }), { status: 201, body: { reason: 'Surgery' } });
  await add({ ...john, timezone: 'Nowhere/John' });
  const { events } = await store.readAll({ after: 0n, maxCount: 100 });
  const log = JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  t.notMatch(log + lines.join(), /john|Jonathan|Surgery/i);
});

t.test('a schedule is set whole', async (t) => {
  const { call, key, add } = await world(t);
  const path = `${(await add()).headers.location}/schedule`;
  t.match(await call('PUT', path, { key, body: mornings }), { status: 200, headers: { etag: '"1"' }, body: mornings });
  t.match(
    await call('PUT', path, { key, body: mornings }),
    { headers: { etag: '"1"' } },
    'the same again is no change',
  );
  t.match(await call('PUT', path, { key, body: mornings, headers: { 'if-match': '"0"' } }), { status: 412 });

  const backwards = { ...mornings, rules: [{ day_of_week: 1, start_time: '12:00', end_time: '08:00' }] };
  t.match(await call('PUT', path, { key, body: backwards }), {
    status: 400,
    body: { code: 'invalid_schedule', errors: [{ pointer: '/body/rules/0/end_time' }] },
  });
  t.match(await call('PUT', path, { key, body: { ...mornings, timezone: 'Mars/Olympus' } }), {
    status: 400,
    body: { errors: [{ pointer: '/body/timezone' }] },
  });
  t.match(await call('PUT', path, { key, body: { ...mornings, holidays: { country: 'DE', region: 'XX' } } }), {
    status: 400,
    body: { code: 'invalid_schedule', errors: [{ pointer: '/body/holidays/region' }] },
  });
  t.match(await call('PUT', path, { key, body: { rules: [] } }), { status: 400, body: { code: 'invalid_request' } });
});

t.test('out of office is set and cleared', async (t) => {
  const { call, key, add } = await world(t);
  const path = (await add()).headers.location as string;
  const body = { start_time: '2030-06-01T00:00:00+02:00', end_time: '2030-06-02T00:00:00Z' };
  const headers = { 'idempotency-key': 'holiday' };
  const set = await call('POST', `${path}/away`, { key, body, headers });
  const shown = { start_time: '2030-05-31T22:00:00Z', end_time: '2030-06-02T00:00:00Z', reason: null };
  t.match(set, { status: 201, headers: { location: `${path}/away/${set.body.id}` }, body: { id: /^away_/, ...shown } });
  t.same((await call('POST', `${path}/away`, { key, body, headers })).body, set.body);
  for (const time of ['first', 'second']) {
    t.match(await call('DELETE', set.headers.location as string, { key }), { status: 200, body: set.body }, time);
  }
  const reversed = { start_time: body.end_time, end_time: body.start_time };
  t.match(await call('POST', `${path}/away`, { key, body: reversed }), {
    status: 422,
    body: { code: 'range_reversed' },
  });
  for (const id of ['away_zzzzzzzzzzzzzzzzzzzzzzzz', 'constructor', '__proto__']) {
    t.match(await call('DELETE', `${path}/away/${id}`, { key }), { status: 404 }, id);
  }
});

t.test('what a user may be', async (t) => {
  const { add } = await world(t);
  for (const body of [
    {},
    { ...john, email: 'john' },
    { ...john, name: ' ' },
    { ...john, timezone: '' },
    { ...john, age: 5 },
  ]) {
    t.match(await add(body), { status: 400, body: { code: 'invalid_request' } });
  }
  t.match(await add({ ...john, timezone: 'EDT' }), {
    status: 400,
    body: { code: 'invalid_time_zone', errors: [{ pointer: '/body/timezone' }] },
  });
});

t.test('a user is in one account, and gone with it', async (t) => {
  const { call, key, add, accountPath } = await world(t);
  const other = (await call('POST', '/v1/accounts', { key, body: { name: 'Other' } })).headers.location as string;
  const made = await add();
  const absent = { status: 404, body: { code: 'not_found' } };
  t.match(await call('PATCH', `${other}/users/${made.body.id}`, { key, body: { name: 'J' } }), absent);
  t.match(await call('DELETE', `${other}/users/${made.body.id}`, { key }), absent);
  await call('DELETE', accountPath, { key });
  const path = made.headers.location as string;
  t.match(await call('PATCH', path, { key, body: { name: 'J' } }), absent);
  t.match(await call('DELETE', path, { key }), absent);
  t.match(await call('PUT', `${path}/schedule`, { key, body: mornings }), absent);
  t.match(await add(), absent);
});

t.test('a resource has no e-mail, and stays one', async (t) => {
  const { call, key, add } = await world(t);
  const room = { kind: 'resource', name: 'Room 1', timezone: 'UTC' };
  const made = await add(room, { 'idempotency-key': 'room' });
  t.match(made, { status: 201, body: { ...room, email: null, limits: [] } });
  const path = made.headers.location as string;
  t.match(await call('PATCH', path, { key, body: { name: 'Room 2' } }), {
    status: 200,
    body: { kind: 'resource', name: 'Room 2', email: null },
  });
  t.same((await add(room, { 'idempotency-key': 'room' })).body, made.body, 'repeated');
  const faulty = (pointer: string) => ({ status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } });
  t.match(await add({ ...room, email: 'room@acme.test' }), faulty('/body/email'));
  t.match(await call('PATCH', path, { key, body: { email: 'room@acme.test' } }), faulty('/body/email'));
  t.match(await call('PATCH', path, { key, body: { kind: 'person' } }), faulty('/body/kind'));
  t.match(await add({ ...room, kind: 'car' }), { status: 400 });
  t.match(await add({ name: 'John', timezone: 'UTC' }), faulty('/body/email'));
  t.match(await add(), { body: { kind: 'person' } });
});

t.test("a user's own limits", async (t) => {
  const { call, key, add } = await world(t);
  const limits = [
    { per: 'day', count: 3 },
    { per: 'week', minutes: 600, count: 10 },
  ];
  const made = await add({ ...john, limits });
  t.match(made, { status: 201, body: { ...john, limits } });
  const path = made.headers.location as string;
  t.match(await call('PATCH', path, { key, body: { name: 'Jon' } }), { body: { limits } }, 'stay');
  t.match(await call('PATCH', path, { key, body: { limits: [{ per: 'day', count: 1 }] } }), {
    body: { name: 'Jon', email: john.email, limits: [{ per: 'day', count: 1 }] },
  });
  t.same((await call('PATCH', path, { key, body: { limits: null } })).body.limits, []);
  const wrong: [unknown, string][] = [
    [[{ per: 'day' }], '/body/limits/0'],
    [[{ per: 'day', count: 1 }, { per: 'week' }], '/body/limits/1'],
    [[{ per: 'hour', count: 1 }], '/body/limits/0/per'],
    [[{ per: 'day', count: 0 }], '/body/limits/0/count'],
    [Array.from({ length: 9 }, () => ({ per: 'day', count: 1 })), '/body/limits'],
  ];
  for (const [faulty, pointer] of wrong) {
    const refused = { status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } };
    t.match(await add({ ...john, limits: faulty }), refused, pointer);
    t.match(await call('PATCH', path, { key, body: { limits: faulty } }), { status: 400 }, pointer);
  }
});
