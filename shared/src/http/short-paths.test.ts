import t from 'tap';
import { rewriteShortPath } from './short-paths.ts';
import { allowed, testServer } from './testing.ts';

const id = `acct_${'0'.repeat(24)}`;

t.test('a path without its account gets it from the header', async (t) => {
  const rewrite = (url: string, account: string | undefined = id) =>
    rewriteShortPath({ url, headers: account === undefined ? {} : { 'x-account-id': account } });
  t.equal(rewrite('/v1/bookings'), `/v1/accounts/${id}/bookings`);
  t.equal(rewrite('/v1/bookings/bkg_1?x=1'), `/v1/accounts/${id}/bookings/bkg_1?x=1`);
  t.equal(rewrite('/v1/event-types?limit=1'), `/v1/accounts/${id}/event-types?limit=1`);
  for (const other of [
    '/v1/accounts',
    '/v1/webhooks',
    '/v1/bookingsx',
    '/v2/bookings',
    '/x/v1/bookings',
    '/health/live',
  ]) {
    t.equal(rewrite(other), other);
  }
  for (const account of ['', 'acct_1', '../x', `${id}/../y`, 'user_000000000000000000000000']) {
    t.equal(rewrite('/v1/bookings', account), '/v1/bookings', account);
  }
});

t.test('the route sees the account, the caller sees the path that was sent', async (t) => {
  const { app } = await testServer(t, (app) => {
    app.get('/v1/accounts/:account_id/bookings', { config: { scope: 'bookings:read' } }, async ({ params }) => params);
  });
  const ask = (headers: object, url = '/v1/bookings') => app.inject({ url, headers: { ...allowed, ...headers } });
  t.same((await ask({ 'x-account-id': id })).json(), { account_id: id });
  t.same((await ask({ 'x-account-id': id }, `/v1/accounts/${id}/bookings`)).json(), { account_id: id });
  t.match((await ask({ 'x-account-id': id }, '/v1/accounts/acct_other/bookings')).json(), {
    status: 400,
    errors: [{ pointer: '/headers/x-account-id' }],
  });
  const refused = await ask({ 'x-account-id': id }, '/v1/bookings?foo=1');
  t.match(refused.json(), { status: 400, instance: '/v1/bookings' });
  for (const [account, detail] of [
    [{}, /is required/],
    [{ 'x-account-id': 'acme' }, /must be the id of an account/],
  ] as const) {
    const problem = (await ask(account)).json();
    t.match(problem, { status: 400, code: 'invalid_request', detail });
    t.match(problem.errors, [{ pointer: '/headers/x-account-id' }]);
  }
});
