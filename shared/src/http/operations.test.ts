import t from 'tap';
import { allowed, testServer } from './testing.ts';

t.test('live while the process turns, ready while everything answers', async (t) => {
  let failing = false;
  let asked = 0;
  const checks = {
    postgres: async () => {
      asked += 1;
    },
    event_store: async () => {
      if (failing) throw new Error('connect to 10.0.0.1 failed');
    },
  };
  const { app } = await testServer(t, () => {}, { checks });
  t.same((await app.inject('/health/live')).json(), { status: 'live' });
  t.same((await app.inject('/health/ready')).json(), {
    status: 'ready',
    checks: { postgres: 'ok', event_store: 'ok' },
  });
  asked = 0;
  await Promise.all(Array.from({ length: 20 }, () => app.inject('/health/ready')));
  t.ok(asked < 20, 'who asks at the same time shares the answer');

  failing = true;
  const answer = await app.inject('/health/ready');
  t.match(answer.headers, { 'content-type': /problem\+json/, 'retry-after': '1' });
  t.match(answer.json(), {
    status: 503,
    code: 'unavailable',
    detail: 'Not answering: event_store',
    checks: { postgres: 'ok', event_store: 'failing' },
  });
  t.notMatch(answer.body, /10\.0\.0\.1/);
  t.equal((await app.inject('/health/live')).statusCode, 200);
});

t.test('a check that never answers does not answer', async (t) => {
  const { promise: never, resolve } = Promise.withResolvers<void>();
  t.teardown(async () => resolve());
  const { app } = await testServer(t, () => {}, { checks: { store: () => never }, checkTimeoutMs: 10 });
  t.match((await app.inject('/health/ready')).json(), { status: 503, checks: { store: 'failing' } });
});

t.test('metrics count by route, method and status, and name no tenant', async (t) => {
  const { app } = await testServer(t, (app) => {
    app.get('/v1/accounts/:account_id', { config: { scope: 'accounts:read' } }, async () => ({}));
  });
  await app.inject({ url: '/v1/accounts/acct_secret', headers: allowed });
  await app.inject('/v1/accounts/acct_secret');
  await app.inject('/nothing/acct_secret');
  const { body, headers } = await app.inject('/metrics');
  t.match(headers['content-type'], 'text/plain');
  const count = (labels: string) => body.includes(`http_request_duration_seconds_count{${labels}} 1`);
  t.ok(count('route="/v1/accounts/:account_id",method="GET",status="200"'));
  t.ok(count('route="/v1/accounts/:account_id",method="GET",status="401"'));
  t.ok(count('route="none",method="GET",status="404"'));
  t.match(body, /process_resident_memory_bytes \d/);
  t.match(body, /nodejs_eventloop_lag/);
  t.notMatch(body, /acct_secret|key_all/);
});
