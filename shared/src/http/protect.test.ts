import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import t from 'tap';
import { Refusal } from '../kernel/refusal.ts';
import { protect } from './protect.ts';
import { createServer } from './server.ts';
import { allowed, testServer } from './testing.ts';

function routes(app: FastifyInstance): void {
  app.get('/v1/read', { config: { scope: 'bookings:read' } }, async ({ principal }) => ({ key: principal.keyId }));
  app.get('/v1/slots', { config: { scope: 'availability:read', publishable: true } }, async () => ({}));
  app.get('/v1/open', { config: { public: true } }, async () => ({}));
}

const as = (token: string) => ({ authorization: `Bearer ${token}` });

t.test('a key with the scope comes in', async (t) => {
  const { app } = await testServer(t, routes);
  t.same((await app.inject({ url: '/v1/read', headers: as('sk_test_bookings.read') })).json(), {
    key: 'key_bookings.read',
  });
  t.equal((await app.inject({ url: '/v1/read', headers: { authorization: 'bearer  sk_test_all ' } })).statusCode, 200);
});

t.test('without a valid key nobody comes in', async (t) => {
  const { app } = await testServer(t, routes);
  const wrong = [undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'sk_test_all', 'Bearer sk_test_unknown', 'Bearer ä'];
  for (const authorization of [...wrong, `Bearer ${'a'.repeat(600)}`, 'Bearer sk_test_all extra']) {
    const answer = await app.inject({
      url: '/v1/read',
      ...(authorization !== undefined && { headers: { authorization } }),
    });
    t.match(answer, { statusCode: 401, headers: { 'www-authenticate': /^Bearer/ } }, String(authorization));
    t.equal(answer.json().code, 'unauthenticated');
    t.notMatch(answer.body, /sk_test_unknown/, 'and the key is not repeated');
  }
});

t.test('a key comes before the shape of what is asked', async (t) => {
  const { app } = await testServer(t, routes);
  t.equal((await app.inject({ url: '/v1/read?foo=1' })).statusCode, 401);
});

t.test('a key without the scope is told which one', async (t) => {
  const { app } = await testServer(t, routes);
  const answer = await app.inject({ url: '/v1/read', headers: as('sk_test_users.read') });
  t.match(answer.json(), { status: 403, code: 'forbidden', detail: /bookings:read/ });
});

t.test('publishable keys come in only where the route says so', async (t) => {
  const { app } = await testServer(t, routes);
  const ask = async (url: string) => (await app.inject({ url, headers: as('pk_test_all') })).statusCode;
  t.equal(await ask('/v1/read'), 403);
  t.equal(await ask('/v1/slots'), 200);
});

t.test('public routes look at no key', async (t) => {
  const { app } = await testServer(t, routes);
  t.equal((await app.inject({ url: '/v1/open', headers: as('nonsense') })).statusCode, 200);
});

t.test('a route that says nothing about keys stops the start', async (t) => {
  const forgetful = testServer(t, (app) => {
    app.get('/v1/forgotten', async () => ({}));
  });
  await t.rejects(
    forgetful.then(({ app }) => app.ready()),
    /GET \/v1\/forgotten declares neither/,
  );
});

t.test('what goes wrong while a key is looked up is no 401', async (t) => {
  const app = await createServer({ log: pino({ level: 'silent' }) });
  t.teardown(() => app.close());
  await app.register(async (app) => {
    protect(app, {
      authenticate: async () => {
        throw new Refusal('unavailable');
      },
    });
    routes(app);
  });
  t.equal((await app.inject({ url: '/v1/read', headers: allowed })).statusCode, 503);
});

t.test('each key has a limit of its own', async (t) => {
  const { app } = await testServer(t, routes, { rateLimits: { perKey: 2 } });
  const ask = (token: string) => app.inject({ url: '/v1/read', headers: as(token) });
  t.match((await ask('sk_test_all')).headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1' });
  await ask('sk_test_all');
  const over = await ask('sk_test_all');
  t.match(over.headers, { 'ratelimit-remaining': '0', 'retry-after': /^\d+$/, 'ratelimit-reset': /^\d+$/ });
  t.match(over.json(), { status: 429, code: 'rate_limited' });
  t.equal((await ask('sk_test_bookings.read')).statusCode, 200);
});

t.test('routes without keys are limited by address', async (t) => {
  const { app } = await testServer(t, routes, { rateLimits: { perAddress: 1 }, trustProxy: true });
  const ask = async (address: string) =>
    (await app.inject({ url: '/v1/open', headers: { 'x-forwarded-for': address } })).statusCode;
  t.same([await ask('192.0.2.1'), await ask('192.0.2.1'), await ask('192.0.2.2')], [200, 429, 200]);
});

t.test('who guesses keys is not listened to any more, and its neighbours are', async (t) => {
  const { app } = await testServer(t, routes, { rateLimits: { failuresPerAddress: 3 } });
  const ask = async (token: string) => (await app.inject({ url: '/v1/read', headers: as(token) })).statusCode;
  t.equal(await ask('sk_test_all'), 200, 'a neighbour with a good key');
  for (let guess = 0; guess < 3; guess += 1) t.equal(await ask('sk_test_unknown'), 401);
  t.equal(await ask('sk_test_unknown'), 429);
  t.equal(await ask('sk_test_bookings.read'), 429, 'even a good guess is not heard');
  t.equal(await ask('sk_test_all'), 200, 'the neighbour still comes in');
});

t.test('our headers are held to their shape also where nobody reads them', async (t) => {
  const { app } = await testServer(t, routes);
  const wrong = { 'idempotency-key': 'a b', 'agentcal-min-position': 'x', 'if-match': '1' };
  for (const [name, value] of Object.entries(wrong)) {
    const answer = await app.inject({ url: '/v1/read', headers: { ...allowed, [name]: value } });
    t.match(answer.json(), { status: 400, code: 'invalid_request', errors: [{ pointer: `/headers/${name}` }] });
  }
});
