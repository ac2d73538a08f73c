import { createPostgresEventStore } from '@agentcal/shared/event-store/postgres/store';
import { testDatabase } from '@agentcal/shared/testing/database';
import { createPostgresVault } from '@agentcal/shared/vault/postgres';
import t from 'tap';
import { testService } from './testing.ts';
import { mornings } from './user/samples.ts';

t.test('two processes on one Postgres are one service', async (t) => {
  const { pool } = await testDatabase(t);
  const masterKey = Buffer.alloc(32, 1);
  const open = async () => {
    const store = await createPostgresEventStore({ pool });
    const vault = await createPostgresVault({ pool, masterKey });
    const service = await testService(t, { store, vault });
    t.teardown(async () => {
      await store.close();
      await vault.close();
    });
    return service;
  };
  const [here, there] = [await open(), await open()];
  const { test: key } = await here.register();
  const once = (name: string) => ({ 'idempotency-key': name });

  const both = (name: string, url: string, body: object) =>
    Promise.all([here, there].map(({ call }) => call('POST', url, { key, body, headers: once(name) })));
  const same = async (name: string, url: string, body: object) => {
    const [one, other] = await both(name, url, body);
    t.same([one!.status, other!.status], [201, 201], `${name}: both are answered`);
    t.same(other!.body, one!.body, `${name}: with the same thing`);
    return one!.headers.location as string;
  };
  const account = await same('account', '/v1/accounts', { name: 'Acme' });
  const john = { name: 'John', email: 'john@acme.test', timezone: 'America/New_York' };
  const user = await same('user', `${account}/users`, john);
  await same('away', `${user}/away`, { start_time: '2030-06-01T00:00:00Z', end_time: '2030-06-02T00:00:00Z' });
  await same('event-type', `${account}/event-types`, { name: 'Call', duration_minutes: 30 });
  await same('webhook', '/v1/webhooks', { url: 'https://acme.test/hook', events: ['booking.created'] });
  await same('key', '/v1/keys', { name: 'CI' });

  const changes = [{ name: 'Jon' }, { email: 'jon@acme.test' }, { timezone: 'UTC' }, { name: 'Jon' }];
  const answers = await Promise.all(changes.map((body, n) => [here, there][n % 2]!.call('PATCH', user, { key, body })));
  t.same(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  const set = await there.call('PUT', `${user}/schedule`, { key, body: mornings });
  t.match(set, { status: 200, body: mornings });
  t.match(await here.call('PATCH', user, { key, body: { timezone: 'UTC' } }), {
    status: 200,
    body: { name: 'Jon', email: 'jon@acme.test', timezone: 'UTC' },
  });

  const reused = await there.call('POST', `${account}/event-types`, {
    key,
    body: { name: 'Call', duration_minutes: 30 },
    headers: once('user'),
  });
  t.match(
    reused,
    { status: 409, body: { code: 'idempotency_key_reused' } },
    'a key that made a user makes nothing else',
  );

  const { rows } = await pool.query('select data::text, metadata::text from log.events');
  t.ok(rows.length > 10);
  t.notMatch(JSON.stringify(rows), /john|jon@/i);
});
