import type { FastifyInstance, InjectOptions } from 'fastify';
import t, { type Test } from 'tap';
import { Type } from 'typebox';
import { StoreUnavailable } from '../event-store/port.ts';
import { problems, Refusal } from '../kernel/refusal.ts';
import type { ProblemBody } from './problem.ts';
import { Id, InstantText } from './schemas.ts';
import { allowed, testServer } from './testing.ts';

const url = '/v1/accounts/acct_1/bookings';
const json = { ...allowed, 'content-type': 'application/json' };

const body = Type.Object({
  user_id: Type.Optional(Id('user')),
  start_time: InstantText,
  attendee: Type.Object({ email: Type.String({ format: 'email' }), name: Type.String({ minLength: 1 }) }),
  status: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
  guests: Type.Optional(Type.Array(Type.String())),
  anything: Type.Optional(Type.Any()),
});
const good = { start_time: '2026-11-24T14:00:00Z', attendee: { email: 'ann@example.test', name: 'Ann' } };

function routes(app: FastifyInstance): void {
  const read = { scope: 'bookings:read' } as const;
  const write = { scope: 'bookings:write' } as const;
  const querystring = Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 25 })),
    types: Type.Optional(Type.Array(Type.String())),
    from: Type.Optional(InstantText),
  });
  app.get('/v1/accounts/:account_id/bookings', { config: read, schema: { querystring } }, async ({ query }) => query);
  app.post('/v1/accounts/:account_id/bookings', { config: write, schema: { body } }, async (request, reply) => {
    reply.code(201);
    return { body: request.body, params: request.params };
  });
  const reason = Type.Object({ reason: Type.Optional(Type.String()) });
  app.delete('/v1/accounts/:account_id/bookings/:id', { config: write, schema: { body: reason } }, async (request) => ({
    body: request.body ?? null,
  }));
  app.post('/v1/rotate', { config: write }, async () => ({ rotated: true }));
  app.get('/v1/fails', { config: read }, async () => {
    throw Object.assign(new Error('password is swordfish'), { detail: 'ann@example.test' });
  });
  app.get('/v1/away', { config: read }, async () => {
    throw new StoreUnavailable('the store is away');
  });
  app.get('/v1/pool', { config: read }, async () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  app.get('/v1/refused', { config: read }, async () => {
    throw new Refusal('slot_taken', 'Ten is taken', { alternatives: [{ start_time: '2026-11-24T15:00:00Z' }] });
  });
  app.get('/v1/odd', { config: read }, async () => {
    throw 'not even an error';
  });
}

/** Sends a request that must be answered with a problem of the catalogue, and answers that problem. */
async function refused(t: Test, request: InjectOptions, code: keyof typeof problems): Promise<ProblemBody> {
  const { app } = await testServer(t, routes, { bodyLimitBytes: 4_096 });
  const answer = await app.inject(request);
  const problem = answer.json<ProblemBody>();
  t.equal(problem.code, code);
  t.equal(answer.statusCode, problems[code].status);
  t.match(answer.headers['content-type'], 'application/problem+json');
  t.equal(answer.headers['request-id'], problem.request_id);
  t.equal(problem.type, `https://agentcal.dev/problems/${code}`);
  t.match(problem, { status: answer.statusCode, title: problems[code].title, next_action: problems[code].nextAction });
  t.notMatch(answer.body, /node_modules|\.ts:|Error:/);
  return problem;
}

const post = (payload: string | Buffer, headers: Record<string, string> = json): InjectOptions => ({
  method: 'POST',
  url,
  headers,
  payload,
});

t.test('a good request is answered with our headers', async (t) => {
  const { app } = await testServer(t, routes);
  const answer = await app.inject({ method: 'POST', url: `${url}/`, headers: allowed, payload: good });
  t.equal(answer.statusCode, 201);
  t.same(answer.json(), { body: good, params: { account_id: 'acct_1' } });
  t.match(answer.headers, {
    'request-id': /^req_\w{32}$/,
    'x-content-type-options': 'nosniff',
    'content-security-policy': /default-src 'none'/,
    'strict-transport-security': /max-age/,
    'ratelimit-limit': '6000',
    'ratelimit-remaining': '5999',
  });
  t.notOk(answer.headers['access-control-allow-origin']);
});

t.test('a sane request id of the caller is kept, another replaced', async (t) => {
  const { app } = await testServer(t, routes);
  const ask = async (id: string) => (await app.inject({ url, headers: { ...allowed, 'request-id': id } })).headers;
  t.equal((await ask('trace-1:a.B_2'))['request-id'], 'trace-1:a.B_2');
  for (const id of ['', 'a b', 'ä', 'x'.repeat(129), '"}{']) t.match((await ask(id))['request-id'], /^req_/);
});

t.test('each fault of a body is told at its place', async (t) => {
  const payload = {
    user_id: 'acct_1',
    start_time: 'tomorrow',
    attendee: { email: 'ann', phone: '1', 'a/b': 1 },
    status: 'c',
    guests: ['x', 7],
    foo: 1,
  };
  const { errors, detail } = await refused(t, post(JSON.stringify(payload)), 'invalid_request');
  t.match(detail, /more faults/);
  t.same(Object.fromEntries(errors!.map(({ pointer, detail }) => [pointer, detail])), {
    '/body/user_id': 'must be the id of a user (user_…)',
    '/body/start_time':
      'must be an ISO 8601 instant of 1970 to 9998, with seconds and Z or an offset: 2026-11-24T14:00:00+05:30',
    '/body/attendee/email': 'must be an e-mail address',
    '/body/attendee/name': 'is required',
    '/body/attendee/phone': 'is not a known field; known are email, name',
    '/body/attendee/a~1b': 'is not a known field; known are email, name',
    '/body/status': 'must be one of "a", "b"',
    '/body/guests/1': 'must be string',
    '/body/foo': 'is not a known field; known are user_id, start_time, attendee, status, guests, anything',
  });
});

t.test('of very many faults the first are told', async (t) => {
  const payload = JSON.stringify({ ...good, guests: Array(1_000).fill(1) });
  t.equal((await refused(t, post(payload), 'invalid_request')).errors?.length, 20);
});

t.test('instants with which nothing can be computed are refused', async (t) => {
  const times = ['2026-12-31T23:59:60Z', '0000-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-24T14:00:00'];
  for (const start_time of times) {
    const { errors } = await refused(t, post(JSON.stringify({ ...good, start_time })), 'invalid_request');
    t.equal(errors?.[0]?.pointer, '/body/start_time', start_time);
  }
});

t.test('instants are as RFC 3339 has them, in bodies and queries', async (t) => {
  const { app } = await testServer(t, routes);
  const answer = async (start_time: string) => {
    const sent = app.inject(post(JSON.stringify({ ...good, start_time })));
    const asked = app.inject({ url, query: { from: start_time }, headers: allowed });
    return (await Promise.all([sent, asked])).map(({ statusCode }) => statusCode);
  };
  const taken = ['14:00:00Z', '14:00:00z', '14:00:00.25Z', '14:00:00+05:30', '14:00:00-00:00'];
  for (const time of taken) t.same(await answer(`2026-11-24T${time}`), [201, 200], time);
  const refused = [
    '14:00:00+0530',
    '14:00:00+05',
    '14:00:00 05:30',
    '14:00:00+5:30',
    '14:00Z',
    '14:00:00,5Z',
    '14:00:00',
  ];
  for (const time of refused) t.same(await answer(`2026-11-24T${time}`), [400, 400], time);
  for (const space of [' ', '\t', '\n']) t.same(await answer(`2026-11-24${space}14:00:00Z`), [400, 400]);
});

t.test('nothing in a body is coerced, everything in a query is', async (t) => {
  await refused(t, post(JSON.stringify({ ...good, attendee: { email: 'a@b.test', name: 5 } })), 'invalid_request');
  const { app } = await testServer(t, routes);
  const ask = async (query: string) => (await app.inject({ url: url + query, headers: allowed })).json();
  t.same(await ask('?limit=7&types=a'), { limit: 7, types: ['a'] });
  t.same(await ask('?types=a&types=b'), { limit: 25, types: ['a', 'b'] });
});

t.test('queries of another shape are refused', async (t) => {
  const pointers: Record<string, string> = {
    '?limit=0': '/query/limit',
    '?limit=x': '/query/limit',
    '?limit=': '/query/limit',
    '?limit=0x10': '/query/limit',
    '?limit=1e1': '/query/limit',
    '?limit=%205': '/query/limit',
    '?limit=1&limit=2': '/query/limit',
    '?foo=1': '/query/foo',
    '?__proto__=1': '/query/__proto__',
    '?types=%00': '/query/types',
  };
  for (const [query, pointer] of Object.entries(pointers)) {
    const problem = await refused(t, { url: url + query, headers: allowed }, 'invalid_request');
    t.equal(problem.errors?.[0]?.pointer, pointer, query);
    t.equal(problem.instance, url, 'which does not repeat the query');
  }
});

t.test('bodies that are no JSON of ours are refused', async (t) => {
  await refused(t, post(good as never, { ...json, 'content-encoding': 'gzip' }), 'unsupported_media_type');
  const bad = [
    '{',
    '{"a":1}}',
    '{a:1}',
    'null,',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{}}}',
    '\u0000',
  ];
  for (const payload of bad) await refused(t, post(payload), 'invalid_json');
  await refused(t, post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'invalid_json');
  for (const payload of ['', '[]', '"text"', '5', 'null']) await refused(t, post(payload), 'invalid_request');
});

t.test('text that no store can keep is refused', async (t) => {
  const bad = ['{"anything":"\\u0000"}', '{"anything":{"\\u0000":1}}', '{"anything":["\\ud800"]}'];
  for (const payload of bad) await refused(t, post(payload), 'invalid_request');
  const deep = `{"anything":${'['.repeat(1_000)}${']'.repeat(1_000)}}`;
  t.match((await refused(t, post(deep), 'invalid_request')).detail, /deeper than 32/);
});

t.test('bodies of another kind or size are refused', async (t) => {
  await refused(
    t,
    post('a=1', { ...allowed, 'content-type': 'application/x-www-form-urlencoded' }),
    'unsupported_media_type',
  );
  await refused(t, post('{}', { ...allowed, 'content-type': 'nonsense' }), 'unsupported_media_type');
  await refused(t, post('{}', allowed), 'unsupported_media_type');
  await refused(t, post(JSON.stringify({ anything: 'x'.repeat(5_000) })), 'body_too_large');
});

t.test('a DELETE may come without a body, and is held to its shape with one', async (t) => {
  const { app } = await testServer(t, routes);
  const cancel = { method: 'DELETE', url: `${url}/bkg_1`, headers: json } as const;
  t.same((await app.inject({ ...cancel, headers: allowed })).json(), { body: null });
  t.same((await app.inject({ ...cancel, payload: '' })).json(), { body: null });
  t.same((await app.inject({ ...cancel, payload: '{"reason":"ill"}' })).json(), { body: { reason: 'ill' } });
  const { errors } = await refused(t, { ...cancel, payload: '{"why":"ill"}' }, 'invalid_request');
  t.equal(errors?.[0]?.pointer, '/body/why');
});

t.test('a route that takes no body says so', async (t) => {
  const { app } = await testServer(t, routes);
  const rotate = { method: 'POST', url: '/v1/rotate', headers: json } as const;
  for (const payload of ['', '{}']) t.equal((await app.inject({ ...rotate, payload })).statusCode, 200);
  const { errors } = await refused(t, { ...rotate, payload: '{"a":1}' }, 'invalid_request');
  t.equal(errors?.[0]?.pointer, '/body/a');
});

t.test('paths and methods that nobody takes', async (t) => {
  await refused(t, { url: '/v1/nothing', headers: json }, 'route_not_found');
  await refused(t, { url: '/v1/nothing', method: 'POST', headers: json, payload: '{' }, 'route_not_found');
  await refused(t, { url: '/v1/accounts/%zz/bookings', headers: json }, 'invalid_request');
  await refused(t, { url: '/v1/accounts/%00/bookings', headers: json }, 'invalid_request');
  await refused(t, { url: `/v1/accounts/${'a'.repeat(300)}/bookings`, headers: json }, 'uri_too_long');
  await refused(t, { url: `${url}?${'a'.repeat(9_000)}`, headers: json }, 'uri_too_long');
  for (const method of ['PUT', 'OPTIONS', 'PROPFIND'] as const) {
    await refused(t, { url, method: method as 'PUT', headers: json }, 'method_not_allowed');
  }
  const { app } = await testServer(t, routes);
  const answer = await app.inject({ url: `${url}/bkg_1`, method: 'PATCH', headers: json, payload: '{' });
  t.equal(answer.statusCode, 405);
  t.equal(answer.headers.allow, 'DELETE');
});

t.test('an unexpected error is hidden from the caller and logged with its stack', async (t) => {
  const { app, lines } = await testServer(t, routes);
  const answer = await app.inject({ url: '/v1/fails', headers: allowed });
  t.equal(answer.statusCode, 500);
  t.equal(answer.json().code, 'unexpected');
  t.notMatch(answer.body, /swordfish/);
  const logged = lines.find(({ level }) => level === 50);
  t.match(logged, { request_id: answer.headers['request-id'], error: { type: 'Error', stack: /server\.test\.ts/ } });
  t.notMatch(JSON.stringify(lines), /ann@example/, 'without what the driver attached to it');
  t.equal((await app.inject({ url: '/v1/odd', headers: allowed })).json().code, 'unexpected');
});

t.test('an engine that is away is a 503 that says when to come back', async (t) => {
  const { app, lines } = await testServer(t, routes);
  for (const path of ['/v1/away', '/v1/pool']) {
    const answer = await app.inject({ url: path, headers: allowed });
    t.match(answer, { statusCode: 503, headers: { 'retry-after': '1' } });
    t.equal(answer.json().code, 'unavailable');
  }
  t.equal(lines.filter(({ level }) => level === 50).length, 2, 'and is logged');
});

t.test('a refusal carries what it knows', async (t) => {
  const problem = await refused(t, { url: '/v1/refused?', headers: allowed }, 'slot_taken');
  t.match(problem, { detail: 'Ten is taken', alternatives: [{ start_time: '2026-11-24T15:00:00Z' }], status: 409 });
});

t.test('pages of allowed origins may read answers and our headers, others may not', async (t) => {
  const { app } = await testServer(t, routes, { allowedOrigins: ['https://app.example'] });
  const ask = async (origin: string) => (await app.inject({ url, headers: { ...allowed, origin } })).headers;
  t.match(await ask('https://app.example'), {
    'access-control-allow-origin': 'https://app.example',
    'access-control-expose-headers': /agentcal-position/,
  });
  t.notOk((await ask('https://evil.example'))['access-control-allow-origin']);
  const preflight = { origin: 'https://app.example', 'access-control-request-method': 'PATCH' };
  t.match((await app.inject({ url, method: 'OPTIONS', headers: preflight })).headers, {
    'access-control-allow-methods': /PATCH/,
  });
});

t.test('the log has one line per request, and nothing of what was in it', async (t) => {
  const { app, lines } = await testServer(t, routes);
  await app.inject({ ...post(JSON.stringify({ ...good, foo: 1 })), url: `${url}?email=ann%40example.test` });
  t.equal(lines.length, 1);
  t.match(lines[0], {
    method: 'POST',
    route: '/v1/accounts/:account_id/bookings',
    status: 400,
    ms: Number,
    request_id: /^req_/,
    key_id: 'key_all',
    code: 'invalid_request',
  });
  t.notMatch(JSON.stringify(lines), /ann|sk_test|acct_1/);
});

t.test('a URL that cannot be looked up has its line and its headers too', async (t) => {
  const { app, lines } = await testServer(t, routes);
  const answer = await app.inject('/v1/accounts/%zz?secret=1');
  t.match(answer.headers, { 'x-content-type-options': 'nosniff' });
  t.match(lines, [{ method: 'GET', route: 'none', status: 400, ms: Number, code: 'invalid_request' }]);
  t.notMatch(JSON.stringify(lines), /secret/);
});
