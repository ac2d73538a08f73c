import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { Type } from 'typebox';
import { allowed, testServer } from './testing.ts';

const Thing = Type.Object({ id: Type.String(), tags: Type.Array(Type.String()) }, { title: 'Thing' });
const base = '/v1/accounts/:account_id/things';

function routes(app: FastifyInstance): void {
  const body = Type.Object({ name: Type.String() });
  app.post(
    base,
    {
      config: { scope: 'users:write' },
      schema: { operationId: 'createThing', summary: 'Make a thing', body, response: { 201: Thing } },
    },
    async () => ({}),
  );
  const confirm = { operationId: 'confirmThing', response: { 200: Thing } };
  app.post(
    `${base}/:id/confirm`,
    { config: { scope: 'users:write', ifMatch: true }, schema: confirm },
    async () => ({}),
  );
  const search = { operationId: 'searchThings', body, response: { 200: Thing } };
  app.post(`${base}/search`, { config: { scope: 'users:read' }, schema: search }, async () => ({}));
  app.get(
    `${base}/:id`,
    {
      config: { scope: 'users:read', publishable: true },
      schema: { operationId: 'getThing', response: { 200: Thing } },
    },
    async () => ({}),
  );
  app.delete(`${base}/:id`, { config: { public: true }, schema: { operationId: 'dropThing', body } }, async () => ({}));
}

t.test('every operation says what is true of all', async (t) => {
  const { app } = await testServer(t, routes);
  const document = (await app.inject('/v1/openapi.json')).json();
  t.equal(document.openapi, '3.1.0');
  t.same(Object.keys(document.components.schemas), ['Problem', 'Thing']);

  const { post } = document.paths['/v1/accounts/{account_id}/things'];
  t.match(post, {
    operationId: 'createThing',
    tags: ['things'],
    'x-scope': 'users:write',
    description: 'Needs a secret key with the scope `users:write`.',
    security: [{ secret_key: [] }],
    requestBody: { required: true },
    responses: {
      201: {
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
        headers: { 'Request-Id': {}, 'AgentCal-Position': {} },
      },
      '4XX': { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      '5XX': { headers: { 'Retry-After': {}, 'Request-Id': {} } },
    },
  });
  t.match(post.parameters, [{ name: 'account_id' }, { $ref: '#/components/parameters/IdempotencyKey' }]);
  t.equal(post.requestBody.content['application/json'].schema.additionalProperties, false);

  const { post: search } = document.paths['/v1/accounts/{account_id}/things/search'];
  t.match(search.parameters.at(-1), { $ref: '#/components/parameters/MinPosition' }, 'a POST that only reads');
  t.notOk(search.responses[200].headers['AgentCal-Position']);

  const { get, delete: drop } = document.paths['/v1/accounts/{account_id}/things/{id}'];
  t.match(get.parameters.at(-1), { $ref: '#/components/parameters/MinPosition' });
  t.same(get.security, [{ secret_key: [] }, { publishable_key: [] }]);
  t.same(drop.security, []);

  const hearsIfMatch = ({ parameters }: { parameters: { $ref?: string }[] }) =>
    parameters.some(({ $ref }) => $ref === '#/components/parameters/IfMatch');
  const { post: confirm } = document.paths['/v1/accounts/{account_id}/things/{id}/confirm'];
  t.same([post, search, get, drop, confirm].map(hearsIfMatch), [false, false, false, true, true]);
  t.notOk(confirm['x-if-match'], 'it is said once');
  t.equal(drop.requestBody.required, false);
  t.notOk(document.paths['/metrics'], 'operations are no part of the API');
});

t.test('two shapes with one title are a mistake', async (t) => {
  const { app } = await testServer(t, (app) => {
    const schema = { response: { 200: Type.Object({ a: Type.String() }, { title: 'Thing' }) } };
    routes(app);
    app.get('/v1/other', { config: { public: true }, schema }, async () => ({}));
  });
  await app.ready();
  t.throws(() => app.swagger(), /two shapes .* title Thing/);
});

t.test('it can be browsed', async (t) => {
  const { app } = await testServer(t, routes);
  const page = await app.inject({ url: '/docs', headers: allowed });
  t.match(page, { statusCode: 200, headers: { 'content-type': /text\/html/ } });
  t.match(page.headers['content-security-policy'], /script-src 'self'/);
  t.notMatch(page.headers['content-security-policy'], /upgrade-insecure-requests/, 'so that http works on a network');
  t.equal((await app.inject('/docs/static/swagger-ui-bundle.js')).statusCode, 200);
  const [shown, published] = [await app.inject('/docs/json'), await app.inject('/v1/openapi.json')];
  t.equal(shown.body, published.body);
});

t.test('a process that serves a part has the document of the whole, and knows what its neighbours take', async (t) => {
  const whole = {
    openapi: '3.1.0',
    paths: { '/v1/accounts/{account_id}/things': { get: {} }, '/v1/far': { get: {} } },
  };
  const { app } = await testServer(t, routes, { whole });
  for (const path of ['/v1/openapi.json', '/docs/json']) t.same((await app.inject(path)).json(), whole, path);
  const refused = async (method: 'PUT', url: string) => {
    const { statusCode, headers } = await app.inject({ method, url });
    return { statusCode, allow: headers.allow };
  };
  t.match(await refused('PUT', '/v1/far'), { statusCode: 405, allow: 'GET, HEAD' });
  t.match(await refused('PUT', '/v1/accounts/acct_1/things'), { statusCode: 405, allow: 'GET, HEAD, POST' });
  t.match(await refused('PUT', '/v1/further'), { statusCode: 404 });
});
