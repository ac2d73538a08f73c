import { readFile } from 'node:fs/promises';
import { newId } from '@agentcal/shared/kernel/ids';
import t from 'tap';
import { openapiFile } from '../../openapi/write.ts';
import { api, until } from '../api.fixture.ts';
import type { ServiceName } from '../service.fixture.ts';
import { type Operation, operationsOf } from '../walk-openapi/document.ts';
import { whyNoNginx } from './nginx.fixture.ts';
import { type Split, serviceNames, startSplit } from './split.fixture.ts';

const origin = 'https://app.example.test';
const why = whyNoNginx();
if (why) t.test('the routing of the gateway was not tested', { skip: why }, async () => {});
else {
  t.test('the gateway in front of the services', async (t) => {
    const split = await startSplit(t, { env: { ALLOWED_ORIGINS: origin } });
    const text = await readFile(openapiFile, 'utf8');
    const operations = operationsOf(JSON.parse(text));

    await t.test('sends each operation to the one service that takes it', async (t) => {
      // Nobody lists which service that is: each is asked, and logs the route that matched, if one did.
      const probes = operations.flatMap((operation) => {
        const direct = serviceNames.map((name) => ({ id: `${name}.${operation.id}`, url: split.services[name].url }));
        const through = waysTo(operation).map((way, n) => ({ id: `way-${n}.${operation.id}`, way }));
        return [
          ...direct.map(({ id, url }) => ({ id, url: url + waysTo(operation)[0]!.path, headers: {} })),
          ...through.map(({ id, way }) => ({ id, url: split.gateway.url + way.path, headers: way.headers })),
        ].map((probe) => ({ ...probe, method: operation.method }));
      });
      for (const { id, url, method, headers } of probes) {
        await (await fetch(url, { method, headers: { ...headers, 'request-id': id } })).arrayBuffer();
      }
      const seen = await linesOf(split, probes.length);
      for (const operation of operations) {
        const route = operation.path.replace(/\{(\w+)\}/g, ':$1');
        const tookIt = (id: string) => seen.filter((line) => line.request_id === id && line.route === route);
        const takers = serviceNames.filter((name) => tookIt(`${name}.${operation.id}`).length > 0);
        t.equal(takers.length, 1, `${operation.id} is taken by ${takers.join(', ') || 'nobody'}`);
        for (const [n, { path }] of waysTo(operation).entries()) {
          const names = tookIt(`way-${n}.${operation.id}`).map(({ service }) => service);
          t.same(names, takers, `${operation.method} ${path}`);
        }
      }
    });

    await t.test('shows the document of the whole product, and its pages', async (t) => {
      for (const path of ['/v1/openapi.json', '/docs/json']) {
        t.same(await (await fetch(split.gateway.url + path)).json(), JSON.parse(text), path);
      }
      for (const path of ['/docs', '/docs/', '/docs/static/swagger-ui-bundle.js']) {
        t.equal((await fetch(split.gateway.url + path)).status, 200, path);
      }
      t.match(await (await fetch(`${split.gateway.url}/health/ready`)).json(), { status: 'ready' });
    });

    await t.test('says of other paths and methods what all services together would', async (t) => {
      const ask = async (method: string, path: string) => {
        const answer = await fetch(split.gateway.url + path, { method });
        const { code } = (await answer.json()) as { code: string };
        return { code, type: answer.headers.get('content-type'), allow: answer.headers.get('allow') };
      };
      const problem = { type: 'application/problem+json' };
      const other = { ...problem, code: 'method_not_allowed' };
      t.match(await ask('GET', '/v1/accounts/a/holds'), { ...other, allow: 'POST' });
      t.match(await ask('POST', '/v1/organization'), { ...other, allow: 'GET, HEAD' });
      t.match(await ask('PROPFIND', '/v1/accounts'), { ...other, allow: 'GET, HEAD, POST' });
      t.match(await ask('PUT', '/v1/accounts/a/availability/query'), { ...other, allow: 'POST' });
      for (const method of ['GET', 'POST', 'PROPFIND']) {
        t.match(await ask(method, '/v1/nothing'), { ...problem, code: 'route_not_found' }, method);
      }
    });

    await t.test('lets pages of allowed origins ask, whichever side answers', async (t) => {
      for (const path of ['/v1/accounts/a/holds', '/v1/organization']) {
        const headers = { origin, 'access-control-request-method': 'POST' };
        const preflight = await fetch(split.gateway.url + path, { method: 'OPTIONS', headers });
        t.match(preflight.headers.get('access-control-allow-methods'), /POST/, path);
        const answer = await fetch(split.gateway.url + path, { method: 'POST', headers: { origin } });
        t.equal(answer.headers.get('access-control-allow-origin'), origin, path);
      }
    });

    await t.test('tells that a side is down, and finds it when it is back', async (t) => {
      const { get, send } = api(split.gateway.url, split.keys.secretKey);
      const query = split.services['query-service'];
      query.child.kill('SIGKILL');
      await until(async () => (await get('/v1/accounts')).status === 503, 'the end of the query side');
      t.match(await get('/v1/accounts'), { status: 503, body: { code: 'unavailable', instance: '/v1/accounts' } });
      t.equal((await send('POST', '/v1/accounts', { name: 'Acme' })).status, 201, 'and writes are taken');
      t.equal((await get('/health/ready')).status, 503);
    });
  });
}

/** By its whole path, with a slash at the end, and below an account that a header names. */
function waysTo({ path }: Operation): { path: string; headers: Record<string, string> }[] {
  const account = newId('account');
  const whole = path.replace('{account_id}', account).replace(/\{\w+\}/g, 'x');
  const short = `/v1${whole.slice(`/v1/accounts/${account}`.length)}`;
  const ways = [whole, `${whole}/`].map((path) => ({ path, headers: {} }));
  if (!/\{account_id\}\/./.test(path)) return ways;
  return [...ways, { path: short, headers: { 'x-account-id': account } }];
}

interface Line {
  readonly service: ServiceName;
  readonly request_id: string;
  readonly route: string;
}

/** What the services have logged of so many requests. A line is written a moment after its answer. */
async function linesOf({ services }: Split, count: number): Promise<Line[]> {
  const read = () =>
    serviceNames.flatMap((name) =>
      (services[name].said().match(/^\{.*"msg":"request"\}$/gm) ?? []).map((line) => JSON.parse(line) as Line),
    );
  await until(() => read().length >= count, `${count} lines of the services`);
  return read();
}
