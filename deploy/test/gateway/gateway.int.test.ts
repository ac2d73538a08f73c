import { connect } from 'node:net';
import { type ProblemCode, problems } from '@agentcal/shared/kernel/refusal';
import t, { type Test } from 'tap';
import { startGateway, whyNoNginx } from './nginx.fixture.ts';
import { type Echo, startUpstream } from './upstream.fixture.ts';

const why = whyNoNginx();
if (why) t.test('the gateway was not tested', { skip: why }, async () => {});
else {
  t.test('requests and answers pass as they are, but for what the gateway knows better', async (t) => {
    const { gateway } = await start(t);
    const headers = {
      authorization: 'Bearer sk_test_x',
      'idempotency-key': 'a:b/1',
      'agentcal-min-position': '41',
      'if-match': '"6"',
      'x-account-id': 'acct_1',
      'request-id': 'trace-1',
      'x-forwarded-for': '203.0.113.7, 203.0.113.8',
    };
    const target = '/v1/accounts/acct_1/bookings/..%2Fx%20y/?a=%2F&b=1';
    const answer = await fetch(gateway.url + target, { method: 'POST', headers, body: 'x'.repeat(300_000) });
    const echo = (await answer.json()) as Echo;
    t.match(echo, { side: 'command', method: 'POST', url: target, bodyBytes: 300_000 });
    const { 'x-forwarded-for': address, ...passed } = echo.headers;
    t.equal(address, '127.0.0.1', 'whatever the caller says of it');
    for (const [name, value] of Object.entries(headers)) {
      if (name !== 'x-forwarded-for') t.equal(passed[name], value, name);
    }
    t.match(Object.fromEntries(answer.headers), { 'agentcal-position': '42', etag: '"7"', 'retry-after': '9' });
  });

  t.test('each request has an id, its own where that is sane', async (t) => {
    const { gateway } = await start(t);
    const idOf = async (id?: string) => {
      const answer = await fetch(`${gateway.url}/`, { headers: id === undefined ? {} : { 'request-id': id } });
      return ((await answer.json()) as Echo).headers['request-id'];
    };
    t.match(await idOf(), /^req_[0-9a-f]{32}$/);
    for (const id of ['a b', '"}{', 'x'.repeat(129)]) t.match(await idOf(id), /^req_[0-9a-f]{32}$/, id);
    t.equal(await idOf('trace-1:a.B_2'), 'trace-1:a.B_2');
  });

  t.test('only a balancer that is trusted says whose request it is', async (t) => {
    const { gateway } = await start(t, { TRUSTED_BALANCER: '127.0.0.0/8' });
    const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7, 127.0.0.9' };
    const echo = (await (await fetch(`${gateway.url}/`, { headers })).json()) as Echo;
    t.equal(echo.headers['x-forwarded-for'], '203.0.113.7', 'the last address that no trusted one has added');
  });

  t.test('connections are kept, to callers and to services', async (t) => {
    const { gateway, command } = await start(t);
    const sent = await overOneConnection(gateway.url, 50);
    t.equal(sent.answers, 50);
    t.ok(command.connections() <= 2, `${command.connections()} connections`);
  });

  t.test('what the gateway refuses by itself is a problem of the catalogue', async (t) => {
    const { gateway } = await start(t);
    const ask = (path: string, init?: RequestInit) => fetch(gateway.url + path, init);
    await isProblem(t, await ask('/v1/x', { method: 'POST', body: 'x'.repeat(1_100_000) }), 'body_too_large', '/v1/x');
    await isProblem(t, await ask('/v1/%00'), 'invalid_request');
    await isProblem(t, await ask('/v1/%zz?secret'), 'invalid_request');
    await isProblem(t, await ask(`/${'a'.repeat(20_000)}`), 'uri_too_long');
    await isProblem(t, await ask('/v1/x', { headers: { a: 'a'.repeat(20_000) } }), 'headers_too_large', '/v1/x');
    for (const path of ['/metrics', '/metrics/', '//metrics', '/%6Detrics', '/-/problem', '/-/command-ready']) {
      await isProblem(t, await ask(path), 'route_not_found');
    }
    const traced = await raw(gateway.url, 'TRACE /v1/x?secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    t.match(traced, /^HTTP\/1\.1 405 /);
    t.match(traced, /\r\nAllow: GET, POST/);
    t.match(traced, /"instance":"\/v1\/x","code":"method_not_allowed"/);
    for (const line of ['nonsense', 'GET / HTTP/7.1\r\nHost: x', 'GET / HTTP/1.1', 'GET / HTTP/1.1\r\nHost: a b']) {
      const answer = await raw(gateway.url, `${line}\r\nConnection: close\r\n\r\n`);
      t.match(answer, /"code":"invalid_request"/, line);
    }
  });

  t.test('a service that is down is a 503 that says when to come back, until it is up', async (t) => {
    const { gateway, command, query } = await start(t);
    const write = () => fetch(`${gateway.url}/v1/accounts?a=1`, { method: 'POST', headers: { 'request-id': 'mine' } });
    const ready = () => fetch(`${gateway.url}/health/ready`);
    t.equal((await ready()).status, 200);
    await command.stop();
    const down = await write();
    t.equal(down.headers.get('retry-after'), '1');
    t.equal(down.headers.get('request-id'), 'mine');
    await isProblem(t, down, 'unavailable', '/v1/accounts');
    t.equal((await fetch(`${gateway.url}/v1/accounts`)).status, 200, 'and the other side works');
    await isProblem(t, await ready(), 'unavailable', '/health/ready');
    t.equal((await fetch(`${gateway.url}/health/live`)).status, 200);
    await command.restart();
    t.equal((await write()).status, 200, 'at once');
    await isProblem(t, await fetch(`${gateway.url}/no-answer`, { method: 'POST' }), 'unavailable', '/no-answer');
    command.ready = false;
    await isProblem(t, await ready(), 'unavailable', '/health/ready');
    command.ready = true;
    query.ready = false;
    t.equal((await ready()).status, 503);
  });

  t.test('nothing of what was asked is written down', async (t) => {
    const { gateway, command } = await start(t);
    const headers = { authorization: 'Bearer secret', 'request-id': 'r-1' };
    await fetch(`${gateway.url}/v1/public/bookings/secret/cancel?email=secret`, {
      method: 'POST',
      headers,
      body: 'secret',
    });
    await command.stop();
    await fetch(`${gateway.url}/v1/public/bookings/secret/cancel?email=secret`, { method: 'POST', headers });
    await fetch(`${gateway.url}/v1/%00/secret`);
    const said = await gateway.said();
    t.notMatch(said, /secret/);
    const lines = said.split('\n').filter((line) => line.startsWith('{'));
    t.match(
      lines.map((line) => JSON.parse(line)).filter(({ request_id }) => request_id === 'r-1'),
      [
        { service: 'gateway', method: 'POST', status: '200', upstream: command.place, upstream_status: '200' },
        { service: 'gateway', method: 'POST', status: '503', upstream: command.place, upstream_status: '502' },
      ],
    );
  });
}

async function start(t: Test, settings: { TRUSTED_BALANCER?: string } = {}) {
  const [command, query] = await Promise.all([startUpstream(t, 'command'), startUpstream(t, 'query')]);
  const places = { COMMAND_SERVICE: command.place, QUERY_SERVICE: query.place };
  return { command, query, gateway: await startGateway(t, { ...places, ...settings }) };
}

async function isProblem(t: Test, answer: Response, code: ProblemCode, instance?: string): Promise<void> {
  const { status, title, nextAction } = problems[code];
  const text = await answer.text();
  t.equal(answer.headers.get('content-type'), 'application/problem+json', text.slice(0, 200));
  const problem = JSON.parse(text);
  t.match(
    { status: answer.status, problem },
    {
      status,
      problem: {
        type: `https://agentcal.dev/problems/${code}`,
        title,
        status,
        code,
        next_action: nextAction,
        detail: /\w/,
      },
    },
  );
  t.equal(problem.request_id, answer.headers.get('request-id'));
  t.notMatch(text, /secret/);
  if (instance) t.equal(problem.instance, instance);
}

/** So many POSTs, one after another, over one connection that is not closed in between. */
async function overOneConnection(url: string, count: number): Promise<{ answers: number }> {
  const ask = 'POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
  const last = ask.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
  const answer = await raw(url, ask.repeat(count - 1) + last);
  return { answers: answer.match(/^HTTP\/1\.1 200/gm)?.length ?? 0 };
}

/** What is answered to these bytes until the connection is closed. */
async function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}
