import { randomBytes } from 'node:crypto';
import { newKey } from '@agentcal/shared/http/keys';
import { day, hour, second } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { seedOrganization } from '../seed.ts';
import { testService } from '../testing.ts';

const refused = { status: 401, body: { code: 'unauthenticated' } };

t.test('a key is issued, used, rolled and revoked', async (t) => {
  const { call, register, clock } = await testService(t);
  const { test: key } = await register();
  const works = async (token: string) =>
    (await call('POST', '/v1/accounts', { key: token, body: { name: 'A' } })).status === 201;
  const headers = { 'idempotency-key': 'ci' };
  const made = await call('POST', '/v1/keys', { key, body: { name: 'CI' }, headers });
  t.match(made, {
    status: 201,
    headers: { location: `/v1/keys/${made.body.id}`, etag: /^"\d+"$/ },
    body: {
      id: /^key_/,
      kind: 'secret',
      name: 'CI',
      key: /^sk_test_/,
      hint: `sk_test_…${made.body.key.slice(-4)}`,
      livemode: false,
    },
  });
  t.ok(await works(made.body.key));

  const repeat = await call('POST', '/v1/keys', { key, body: { name: 'CI' }, headers });
  t.same([repeat.status, repeat.body], [201, made.body], 'a repeat answers the same, though only its hash is stored');

  const rolled = await call('POST', `/v1/keys/${made.body.id}/roll`, { key, body: { overlap_seconds: 3600 } });
  t.match(rolled, { status: 201, body: { name: 'CI', key: /^sk_test_/, scopes: made.body.scopes } });
  clock.advance(hour - second);
  t.same([await works(made.body.key), await works(rolled.body.key)], [true, true], 'both hold during the overlap');
  clock.advance(second);
  t.same([await works(made.body.key), await works(rolled.body.key)], [false, true]);

  for (const time of ['first', 'second']) {
    const revoked = await call('DELETE', `/v1/keys/${rolled.body.id}`, { key });
    t.match(revoked, { status: 200, body: { id: rolled.body.id, revoked_at: '2030-05-02T11:00:00Z' } }, time);
  }
  t.match(await call('POST', '/v1/accounts', { key: rolled.body.key, body: { name: 'A' } }), refused);
});

t.test('a key is revoked after an overlap, and only as it was read', async (t) => {
  const { call, register, clock } = await testService(t);
  const { test: key } = await register();
  const made = await call('POST', '/v1/keys', { key, body: { name: 'CI', expires_at: '2030-05-02T12:00:00Z' } });
  const etag = { 'if-match': made.headers.etag as string };
  const body = { overlap_seconds: 60 };
  t.match(await call('DELETE', `/v1/keys/${made.body.id}`, { key, body, headers: etag }), {
    status: 200,
    body: { revoked_at: '2030-05-02T10:01:00Z', expires_at: '2030-05-02T12:00:00Z' },
  });
  t.match(await call('DELETE', `/v1/keys/${made.body.id}`, { key, headers: etag }), { status: 412 });
  const ask = () => call('POST', '/v1/accounts', { key: made.body.key, body: { name: 'A' } });
  t.match(await ask(), { status: 201 });
  clock.advance(60 * second);
  t.match(await ask(), refused);
});

t.test('a key that has expired is refused', async (t) => {
  const { call, register, clock } = await testService(t);
  const { test: key } = await register();
  const made = await call('POST', '/v1/keys', { key, body: { name: 'CI', expires_at: '2030-05-03T10:00:00Z' } });
  clock.advance(day);
  t.match(await call('POST', '/v1/accounts', { key: made.body.key, body: { name: 'A' } }), refused);
  const past = { name: 'CI', expires_at: '2030-05-03T10:00:00Z' };
  t.match(await call('POST', '/v1/keys', { key, body: past }), {
    status: 400,
    body: { errors: [{ pointer: '/body/expires_at' }] },
  });
});

t.test('a key makes none that may do more than itself', async (t) => {
  const { call, register, issue } = await testService(t).then(async (service) => {
    const organization = await service.register();
    return { ...service, ...organization, register: organization };
  });
  const admin = await issue('organization:write', 'users:read');
  const same = await call('POST', '/v1/keys', { key: admin, body: { name: 'Same' } });
  t.same(new Set(same.body.scopes), new Set(['organization:write', 'users:read']), 'by default it may do the same');
  const more = await call('POST', '/v1/keys', {
    key: admin,
    body: { name: 'More', scopes: ['users:read', 'users:write'] },
  });
  t.match(more, { status: 403, body: { code: 'forbidden' } });
  const strong = await call('POST', '/v1/keys', {
    key: register.test,
    body: { name: 'Strong', scopes: ['users:write'] },
  });
  t.match(await call('POST', `/v1/keys/${strong.body.id}/roll`, { key: admin, body: {} }), { status: 403 });
  t.match(await call('POST', '/v1/accounts', { key: strong.body.key, body: { name: 'A' } }), { status: 403 });
});

t.test('a repeat shows a key again, but to none that may do less', async (t) => {
  const { call, register, store } = await testService(t);
  const { test: key, issue } = await register();
  const headers = { 'idempotency-key': 'once' };
  const { body: made } = await call('POST', '/v1/keys', { key, body: { name: 'CI' }, headers });
  const admin = await issue('organization:write', 'users:read');
  const { key: secret, ...shown } = made;
  t.same((await call('POST', '/v1/keys', { key: admin, body: { name: 'CI' }, headers })).body, shown);

  const roll = (headers: Record<string, string>) =>
    call('POST', `/v1/keys/${made.id}/roll`, { key, body: {}, headers }).then(({ body }) => body.key);
  const rolled = await roll({ 'idempotency-key': 'roll' });
  t.equal(await roll({ 'idempotency-key': 'roll' }), rolled);
  t.not(rolled, secret);
  t.not(await roll({}), await roll({}), 'without an Idempotency-Key each is another');
  const { events } = await store.readAll({ after: 0n, maxCount: 100 });
  for (const text of [secret, rolled]) t.notMatch(JSON.stringify(events.map(({ data }) => data)), text);
});

t.test('modes and organizations do not see each other', async (t) => {
  const { call, register } = await testService(t);
  const [mine, other] = [await register(), await register()];
  const live = await call('POST', '/v1/keys', { key: mine.live, body: { name: 'Live' } });
  t.match(live, { status: 201, body: { key: /^sk_live_/, livemode: true } });
  const hook = { url: 'https://acme.test/hook', events: ['booking.created'] };
  const { body: webhook } = await call('POST', '/v1/webhooks', { key: mine.live, body: hook });
  for (const key of [mine.test, other.live]) {
    const absent = { status: 404, body: { code: 'not_found' } };
    t.match(await call('DELETE', `/v1/keys/${live.body.id}`, { key }), absent);
    t.match(await call('POST', `/v1/keys/${live.body.id}/roll`, { key, body: {} }), absent);
    t.match(await call('DELETE', `/v1/webhooks/${webhook.id}`, { key }), absent);
  }
  for (const id of ['constructor', '__proto__', 'key_1']) {
    t.match(await call('DELETE', `/v1/keys/${id}`, { key: mine.test }), { status: 404 }, id);
    t.match(await call('DELETE', `/v1/webhooks/${id}`, { key: mine.test }), { status: 404 }, id);
  }
});

t.test('no other key opens the door', async (t) => {
  const { call, register } = await testService(t);
  const { test, organizationId } = await register();
  const never = newKey({ kind: 'secret', livemode: false, organizationId });
  const nobody = newKey({ kind: 'secret', livemode: false, organizationId: 'org_zzzzzzzzzzzzzzzzzzzzzzzz' });
  for (const key of [
    '',
    'sk_test_',
    never,
    nobody,
    test.replace('test', 'live'),
    test.replace('sk', 'pk'),
    `${test}0`,
  ]) {
    t.match(await call('POST', '/v1/accounts', { key, body: { name: 'A' } }), refused);
  }
});

t.test('a publishable key is shown always, and is taken where embeds need it only', async (t) => {
  const { call, register } = await testService(t);
  const { test: key } = await register();
  const headers = { 'idempotency-key': 'site' };
  const body = { name: 'Site', kind: 'publishable' };
  const made = await call('POST', '/v1/keys', { key, body, headers });
  t.match(made, { status: 201, body: { kind: 'publishable', key: /^pk_test_/, expires_at: null } });
  t.same((await call('POST', '/v1/keys', { key, body, headers })).body, made.body);
  t.match(await call('POST', '/v1/accounts', { key: made.body.key, body: { name: 'A' } }), { status: 403 });
  t.match(await call('POST', '/v1/keys', { key, body: { ...body, scopes: ['users:read'] } }), { status: 400 });
  await call('DELETE', `/v1/keys/${made.body.id}`, { key });
  t.match(await call('POST', '/v1/accounts', { key: made.body.key, body: { name: 'A' } }), refused);
});

t.test('a webhook endpoint is registered and removed', async (t) => {
  const { call, register, vault } = await testService(t);
  const { test: key } = await register();
  const body = { url: 'https://acme.test/hook', events: ['booking.created', 'booking.cancelled'] };
  const headers = { 'idempotency-key': 'hook' };
  const post = () => call('POST', '/v1/webhooks', { key, body, headers });
  const [made, beside] = await Promise.all([post(), post()]);
  t.match(made, { status: 201, headers: { location: `/v1/webhooks/${made.body.id}` } });
  t.match(made.body, { id: /^whk_/, ...body, livemode: false, secret: /^whsec_[A-Za-z0-9+/]{32}$/ });
  t.same(beside.body, made.body, 'sent twice at once: one endpoint, one secret');
  t.same((await post()).body, made.body);
  t.equal(await vault.getSecret(`webhook:${made.body.id}`), made.body.secret);
  const { secret: _secret, ...shown } = made.body;
  for (const time of ['first', 'second']) {
    const removed = await call('DELETE', made.headers.location as string, { key });
    t.same([removed.status, removed.body], [200, shown], time);
  }
  t.same((await post()).body, shown, 'a repeat after that has no secret to show');
  t.equal(await vault.getSecret(`webhook:${made.body.id}`), undefined);
});

t.test('where a webhook may be sent', async (t) => {
  const open = async (allowLocalWebhooks: boolean) => {
    const { call, register } = await testService(t, { allowLocalWebhooks });
    const keys = await register();
    return async (mode: 'test' | 'live', url: string) => {
      const body = { url, events: ['booking.created'] };
      return (await call('POST', '/v1/webhooks', { key: keys[mode], body })).body.code ?? 'ok';
    };
  };
  const [trial, strict] = [await open(true), await open(false)];
  const local = 'http://localhost:4000/hook';
  t.equal(await trial('test', local), 'ok', 'this machine, in test mode, where the server is set to allow it');
  t.equal(await strict('test', local), 'url_not_allowed');
  t.equal(await trial('live', local), 'url_not_allowed');
  const hosts = ['http://acme.test/', 'https://10.0.0.1/', 'https://169.254.169.254/', 'https://u:p@acme.test/'];
  for (const url of [...hosts, 'ftp://acme.test/', 'x']) t.equal(await trial('test', url), 'url_not_allowed', url);
});

t.test('what a webhook may be', async (t) => {
  const { call, register } = await testService(t);
  const { test: key } = await register();
  const url = 'https://acme.test/';
  const twice = ['booking.created', 'booking.created'];
  for (const body of [
    { url },
    { url, events: [] },
    { url, events: ['x'] },
    { url, events: twice },
    { events: ['booking.created'] },
  ]) {
    t.match(await call('POST', '/v1/webhooks', { key, body }), { status: 400, body: { code: 'invalid_request' } });
  }
});

t.test('the first organization is seeded once, also after a crash in between', async (t) => {
  const { store, clock, call } = await testService(t);
  const { createLocalBus } = await import('@agentcal/shared/bus/local');
  const organizationId = `org_${randomBytes(12).toString('hex')}`;
  const keys = {
    secretKey: newKey({ kind: 'secret', livemode: false, organizationId }),
    publishableKey: newKey({ kind: 'publishable', livemode: false, organizationId }),
  };
  const seed = () => seedOrganization({ store, bus: createLocalBus(), clock }, { organizationId, ...keys });
  await seed();
  const { events: first } = await store.readAll({ after: 0n, maxCount: 10 });
  await seed();
  t.same((await store.readAll({ after: 0n, maxCount: 10 })).events, first);
  t.same(
    first.map(({ type }) => type),
    ['organization.registered.v1', 'organization.secret-key-issued.v1', 'organization.publishable-key-issued.v1'],
  );
  t.notMatch(JSON.stringify(first.map(({ data }) => data)), keys.secretKey.slice(20));
  t.match(await call('POST', '/v1/accounts', { key: keys.secretKey, body: { name: 'A' } }), { status: 201 });
});
