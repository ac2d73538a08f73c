import t from 'tap';
import { testService } from '../testing.ts';

const idle = { 'idempotency-key': 'one' };

t.test('an account is connected, changed and deleted', async (t) => {
  const { call, register } = await testService(t);
  const { test: key } = await register();
  const made = await call('POST', '/v1/accounts', {
    key,
    body: { name: 'Acme', metadata: { crm: '1' } },
    headers: idle,
  });
  t.match(made, {
    status: 201,
    headers: { location: `/v1/accounts/${made.body.id}`, etag: '"0"', 'agentcal-position': /^\d+$/ },
    body: { id: /^acct_/, name: 'Acme', metadata: { crm: '1' }, livemode: false, created_at: '2030-05-02T10:00:00Z' },
  });
  const path = made.headers.location as string;

  const changed = await call('PATCH', path, { key, body: { name: 'New' }, headers: { 'if-match': '"0"' } });
  t.match(changed, { status: 200, headers: { etag: '"1"' }, body: { name: 'New', metadata: { crm: '1' } } });
  t.same(changed.body.created_at, made.body.created_at);
  const stale = await call('PATCH', path, { key, body: { name: 'Newer' }, headers: { 'if-match': '"0"' } });
  t.match(stale, { status: 412, body: { code: 'revision_conflict' } });

  t.same(
    (await call('POST', '/v1/accounts', { key, body: { metadata: { crm: '1' }, name: 'Acme' }, headers: idle })).body,
    made.body,
    'a repeat answers as the first time, whatever has happened since',
  );
  const reused = await call('POST', '/v1/accounts', { key, body: { name: 'Other' }, headers: idle });
  t.match(reused, { status: 409, body: { code: 'idempotency_key_reused' } });

  for (const time of ['first', 'second']) {
    const deleted = await call('DELETE', path, { key });
    t.match(deleted, { status: 200, headers: { etag: '"2"' }, body: { name: 'New' } }, `deleted the ${time} time`);
  }
  t.match(await call('PATCH', path, { key, body: { name: 'Back' } }), { status: 404, body: { code: 'not_found' } });
});

t.test('the event says whose account it is', async (t) => {
  const { call, register, store } = await testService(t);
  const { test: key, organizationId } = await register();
  const { body } = await call('POST', '/v1/accounts', { key, body: { name: 'Acme' } });
  const { events } = await store.readAll({ after: 0n, maxCount: 100, types: ['account.connected.v1'] });
  t.match(events[0]?.metadata, { organization_id: organizationId, account_id: body.id, livemode: false });
  t.match(events[0]?.metadata.actor, { kind: 'key', id: /^key_/ });
});

t.test('nobody else can see an account', async (t) => {
  const { call, register } = await testService(t);
  const [mine, other] = [await register(), await register()];
  const { headers } = await call('POST', '/v1/accounts', { key: mine.test, body: { name: 'Acme' } });
  const path = headers.location as string;
  const absent = { status: 404, body: { code: 'not_found' } };
  for (const [whose, key] of Object.entries({ another: other.test, 'the live mode': mine.live })) {
    t.match(await call('PATCH', path, { key, body: { name: 'Mine' } }), absent, `${whose} cannot change it`);
    t.match(await call('DELETE', path, { key }), absent, `${whose} cannot delete it`);
    t.match(
      await call('POST', `${path}/users`, { key, body: { name: 'J', email: 'j@acme.test', timezone: 'UTC' } }),
      absent,
      `${whose} cannot put a user into it`,
    );
  }
  const unknown = ['acct_zzzzzzzzzzzzzzzzzzzzzzzz', 'acct_1', 'constructor', encodeURIComponent('a/../b')];
  for (const id of unknown) {
    t.match(await call('PATCH', `/v1/accounts/${id}`, { key: mine.test, body: { name: 'X' } }), absent, id);
  }
});

t.test('what an account may be', async (t) => {
  const { call, register } = await testService(t);
  const { test: key, issue } = await register();
  const wrong = [
    {},
    { name: '' },
    { name: '  ' },
    { name: 'A', color: 'red' },
    { name: 'A', metadata: { a: 1 } },
    { name: 5 },
  ];
  for (const body of wrong) {
    t.match(await call('POST', '/v1/accounts', { key, body }), { status: 400, body: { code: 'invalid_request' } });
  }
  const { headers } = await call('POST', '/v1/accounts', { key, body: { name: 'Acme' } });
  t.match(await call('PATCH', headers.location as string, { key, body: {} }), { status: 400 }, 'an empty change');
  const reader = await issue('accounts:read');
  t.match(await call('POST', '/v1/accounts', { key: reader, body: { name: 'A' } }), {
    status: 403,
    body: { code: 'forbidden' },
  });
});
