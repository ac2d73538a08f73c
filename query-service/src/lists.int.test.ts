import { newKey } from '@agentcal/shared/http/keys';
import t from 'tap';
import { addUser, defineEventType, openShop, testProduct } from './testing.ts';

t.test('what an account, its users and its event types are', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  const { account, accountId, userId, eventTypeId } = await openShop(organization, product.deps);

  await t.test('one by one, with the revision of their stream as ETag', async (t) => {
    const answer = await organization.get(account);
    t.equal(answer.statusCode, 200);
    t.match(answer.json(), { id: accountId, name: 'Acme', metadata: { crm: '7' }, livemode: false });
    t.match(answer.headers, { etag: '"0"', 'agentcal-position': /^\d+$/ });

    const user = (await organization.get(`${account}/users/${userId}`)).json();
    t.match(user, {
      id: userId,
      name: 'John',
      email: 'john@acme.test',
      timezone: 'America/New_York',
      calendar_id: null,
    });
    const eventType = (await organization.get(`${account}/event-types/${eventTypeId}`)).json();
    t.match(eventType, { id: eventTypeId, name: 'Consultation', duration_minutes: 30, min_notice_hours: 0 });
  });

  await t.test('rooms, limits, and hosts: also one who has been removed', async (t) => {
    const limits = [{ per: 'day', count: 3 }];
    const added = { kind: 'resource', limits };
    const room = await addUser(organization, accountId, { timezone: 'UTC', added });
    t.match((await organization.get(`${account}/users/${room}`)).json(), { kind: 'resource', email: null, limits });
    t.match((await organization.get(`${account}/users/${userId}`)).json(), { kind: 'person', limits: [] });
    const hosts = [{ user_id: userId, fixed: true }, { user_id: room }];
    const hours = { timezone: 'UTC', rules: [] };
    const team = await defineEventType(organization, accountId, { assignment: 'round_robin', hosts, hours });
    await organization.append(`user-${room}`, ['user.removed.v1', { user_id: room }]);
    t.match((await organization.get(`${account}/event-types/${team}`)).json(), {
      assignment: 'round_robin',
      hosts,
      hours,
    });
    const single = (await organization.get(`${account}/event-types/${eventTypeId}`)).json();
    t.equal(single.assignment, 'single');
    t.notOk('hosts' in single || 'hours' in single);
    await organization.append(`eventtype-${team}`, ['eventtype.retired.v1', { event_type_id: team }]);
  });

  await t.test('the schedule is the default one until one is set', async (t) => {
    const path = `${account}/users/${userId}/schedule`;
    t.match((await organization.get(path)).json(), { timezone: 'America/New_York', rules: { length: 5 } });
    const schedule = { timezone: 'UTC', rules: [{ day_of_week: 0, start_time: '10:00', end_time: '11:00' }] };
    await organization.append(`user-${userId}`, ['user.schedule-set.v1', { user_id: userId, schedule }]);
    const answer = await organization.get(path);
    t.same(answer.json(), schedule);
    t.equal(answer.headers.etag, '"1"');
  });

  await t.test('when a user is away, until it is cleared', async (t) => {
    const path = `${account}/users/${userId}/away`;
    const reason = await product.deps.vault.seal({ scope: accountId, kind: 'user', id: userId }, 'Skiing');
    const times = { start_time: '2026-12-24T00:00:00Z', end_time: '2026-12-27T00:00:00Z' };
    const data = { user_id: userId, away_id: 'away_1', account_id: accountId, ...times, reason };
    await organization.append(`user-${userId}`, ['user.away-set.v1', data]);
    t.same((await organization.get(path)).json().data, [{ id: 'away_1', user_id: userId, ...times, reason: 'Skiing' }]);
    await organization.append(`user-${userId}`, ['user.away-cleared.v1', { user_id: userId, away_id: 'away_1' }]);
    t.same((await organization.get(path)).json(), { data: [], has_more: false });
  });

  await t.test('who has it already is not sent it again', async (t) => {
    const { etag } = (await organization.get('/v1/accounts')).headers;
    t.match(etag, /^W\/"/);
    const again = await organization.get('/v1/accounts', { headers: { 'if-none-match': `"x", ${etag}` } });
    t.equal(again.statusCode, 304);
    t.equal(again.body, '');
    t.equal((await organization.get(account, { headers: { 'if-none-match': '"7"' } })).statusCode, 200);
  });

  await t.test('a removed user and a retired event type are gone, and everything with a deleted account', async (t) => {
    await organization.append(`user-${userId}`, ['user.removed.v1', { user_id: userId }]);
    t.equal((await organization.get(`${account}/users/${userId}`)).statusCode, 404);
    t.equal((await organization.get(`${account}/users/${userId}/away`)).statusCode, 404);
    await organization.append(`eventtype-${eventTypeId}`, ['eventtype.retired.v1', { event_type_id: eventTypeId }]);
    t.same((await organization.get(`${account}/event-types`)).json().data, []);
    await organization.append(`account-${accountId}`, ['account.deleted.v1', { account_id: accountId }]);
    for (const path of ['', '/users', '/event-types', '/bookings']) {
      const { statusCode, body } = await organization.get(account + path);
      t.match({ statusCode, code: JSON.parse(body).code }, { statusCode: 404, code: 'not_found' }, path);
    }
  });
});

t.test('lists go on where they ended, whatever is written meanwhile', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  const names: string[] = [];
  const connect = async (name: string) => {
    const data = { account_id: `acct_${name}`, organization_id: organization.id, name, metadata: {}, livemode: false };
    await organization.append(`account-${name}`, ['account.connected.v1', data]);
  };
  for (const name of ['a', 'b', 'c', 'd', 'e']) await connect(name);
  let cursor: string | undefined;
  do {
    const answer = await organization.get(`/v1/accounts?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
    names.push(...answer.json().data.map(({ name }: { name: string }) => name));
    cursor = answer.json().next_cursor;
    t.equal(answer.json().has_more, cursor !== undefined);
    await connect(`new${names.length}`);
  } while (cursor);
  t.same(names, ['e', 'd', 'c', 'b', 'a']);

  for (const wrong of ['x', Buffer.from('["x"]').toString('base64url'), Buffer.from('[1e999]').toString('base64url')]) {
    const { statusCode, body } = await organization.get(`/v1/accounts?cursor=${wrong}`);
    t.match([statusCode, JSON.parse(body)], [400, { code: 'invalid_cursor', errors: [{ pointer: '/query/cursor' }] }]);
  }
});

t.test('an organization sees its own keys and webhooks, of the mode that it asks in', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  const pk = newKey({ kind: 'publishable', livemode: false, organizationId: organization.id });
  const hook = {
    organization_id: organization.id,
    webhook_id: 'whk_1',
    url: 'https://a.test',
    events: ['booking.created'],
  };
  await organization.append(
    `organization-${organization.id}`,
    [
      'organization.publishable-key-issued.v1',
      { organization_id: organization.id, key_id: 'key_p', name: 'Web', key: pk, livemode: false },
    ],
    ['organization.webhook-registered.v1', { ...hook, livemode: false }],
  );
  t.match((await organization.get('/v1/organization')).json(), { id: organization.id, name: 'SaaS', plan: 'free' });
  const keys = (await organization.get('/v1/keys')).json().data;
  t.match(keys, [
    { id: 'key_p', kind: 'publishable', key: pk },
    { kind: 'secret', revoked_at: null },
  ]);
  t.notOk('key' in keys[1] || JSON.stringify(keys).includes(organization.testKey), 'no secret key is shown');
  t.match((await organization.get('/v1/webhooks')).json().data, [{ id: 'whk_1', url: 'https://a.test' }]);
  const one = async () => (await organization.get('/v1/webhooks/whk_1')).json().delivery;
  t.same(await one(), { consecutive_failures: 0, paused_until: null });
  const failed = (failures: number) =>
    product.deps.pool.query(
      `insert into webhooks.turns values ('whk_1', 1, $1, now(), '2099-01-01') on conflict (webhook_id) do update set failures = $1`,
      [failures],
    );
  await failed(4);
  t.same(await one(), { consecutive_failures: 4, paused_until: null });
  await failed(5);
  t.same(await one(), { consecutive_failures: 5, paused_until: '2099-01-01T00:00:00Z' });
  const live = { key: organization.liveKey };
  t.same((await organization.get('/v1/webhooks', live)).json().data, []);
  t.equal((await organization.get('/v1/webhooks/whk_1', live)).statusCode, 404);
  t.equal((await organization.get('/v1/keys', live)).json().data.length, 1);
});
