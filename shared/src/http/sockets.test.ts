import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import type { ProblemBody } from './problem.ts';
import type { ServerOptions } from './server.ts';
import { allowed, testServer } from './testing.ts';

// Through real sockets: what the HTTP parser refuses never becomes a request that `inject` could send.

async function listening(t: Test, options: Partial<ServerOptions> = {}) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  const server = await testServer(
    t,
    (app) => {
      app.get('/v1/ok', { config: { scope: 'bookings:read' } }, async () => ({ ok: true }));
      app.post('/v1/ok', { config: { scope: 'bookings:read' } }, async () => ({ ok: true }));
      app.get('/v1/slow', { config: { scope: 'bookings:read' } }, async () => {
        enter();
        await released;
        return { slow: true };
      });
    },
    options,
  );
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.app.server.address() as AddressInfo;
  t.teardown(release);
  return { ...server, port, entered, release };
}

interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly problem: ProblemBody;
}

/** Sends bytes as they are, and reads until the server has said all it has to say. */
async function say(port: number, ...parts: string[]): Promise<Answer> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  for (const part of parts) socket.write(part);
  return answerOf(await readAll(socket));
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

function answerOf(text: string): Answer {
  const [head = '', body = '{}'] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  return {
    status,
    headers: head.toLowerCase(),
    problem: JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)),
  };
}

const host = 'host: localhost\r\n';
const key = `authorization: ${allowed.authorization}\r\n`;
const close = 'connection: close\r\n';

const malformed: Record<string, [string, number, string]> = {
  'no HTTP at all': ['hello\r\n\r\n', 400, 'invalid_request'],
  'TLS on a plain port': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'invalid_request'],
  'an unknown version': [`GET /v1/ok HTTP/9.9\r\n${host}\r\n`, 400, 'invalid_request'],
  'a method of its own': [`BOOK /v1/ok HTTP/1.1\r\n${host}\r\n`, 400, 'invalid_request'],
  'a header without a colon': [`GET /v1/ok HTTP/1.1\r\n${host}nonsense\r\n\r\n`, 400, 'invalid_request'],
  'a NUL in a header': [`GET /v1/ok HTTP/1.1\r\n${host}x-a: a\0b\r\n\r\n`, 400, 'invalid_request'],
  'headers that never end': [
    `GET /v1/ok HTTP/1.1\r\n${host}x-a: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
  'two lengths': [
    `POST /v1/ok HTTP/1.1\r\n${host}content-length: 1\r\ncontent-length: 2\r\n\r\nx`,
    400,
    'invalid_request',
  ],
  'a length and chunks': [
    `POST /v1/ok HTTP/1.1\r\n${host}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'invalid_request',
  ],
  'a bad chunk': [
    `POST /v1/ok HTTP/1.1\r\n${host}${key}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
    400,
    'invalid_request',
  ],
  'no host': [`GET /v1/ok HTTP/1.1\r\n${key}${close}\r\n`, 400, 'invalid_request'],
  'a host that is none': [`GET /v1/ok HTTP/1.1\r\nhost: a b/c\r\n${key}${close}\r\n`, 400, 'invalid_request'],
  'an expectation': [`GET /v1/ok HTTP/1.1\r\n${host}${key}expect: cake\r\n\r\n`, 400, 'invalid_request'],
  'a tunnel': [`CONNECT localhost:1 HTTP/1.1\r\n${host}\r\n`, 405, 'method_not_allowed'],
  'all options': [`OPTIONS * HTTP/1.1\r\n${host}${close}\r\n`, 404, 'route_not_found'],
  'the form for proxies': [`GET http://localhost/v1/ok HTTP/1.1\r\n${host}${close}\r\n`, 401, 'unauthenticated'],
  'a URL with raw bytes': [`GET /v1/\xff\xfe HTTP/1.1\r\n${host}${close}\r\n`, 400, 'invalid_request'],
};

t.test('what is no request is answered with a problem too', async (t) => {
  const { port } = await listening(t);
  for (const [name, [bytes, status, code]] of Object.entries(malformed)) {
    const answer = await say(port, bytes);
    t.match(answer, { status, problem: { code, status, request_id: /^req_/ } }, name);
    t.match(answer.headers, /content-type: application\/problem\+json/, name);
    t.match(answer.headers, `request-id: ${answer.problem.request_id}`, name);
  }
  const alive = await say(port, `GET /v1/ok HTTP/1.1\r\n${host}${key}${close}\r\n`);
  t.match(alive, { status: 200, problem: { ok: true } });
});

t.test('HTTP/1.0 needs no host', async (t) => {
  const { port } = await listening(t);
  t.equal((await say(port, `GET /v1/ok HTTP/1.0\r\n${key}\r\n`)).status, 200);
});

t.test('a request that never arrives is given up', async (t) => {
  const { app, port } = await listening(t, { requestTimeoutMs: 50, connectionCheckMs: 25 });
  t.ok(app.server.listening);
  const answer = await say(port, `GET /v1/ok HTTP/1.1\r\n${host}`);
  t.match(answer, { status: 408, problem: { code: 'request_timeout' } });
});

t.test('closing finishes what is in flight and refuses what comes after', async (t) => {
  const { app, port, entered, release } = await listening(t);
  const socket = connect(port, '127.0.0.1');
  const read = readAll(socket);
  socket.write(`GET /v1/slow HTTP/1.1\r\n${host}${key}\r\n`);
  await entered;
  const closed = app.close();
  // A connection that is busy is still open: what comes over it is told, not dropped.
  const seen = once(app.server, 'request');
  socket.write(`GET /v1/ok HTTP/1.1\r\n${host}${key}\r\n`);
  await seen;
  release();
  await closed;
  const text = await read;
  t.match(text, /200 OK[\s\S]*"slow":true/);
  t.match(text, /503 Service Unavailable[\s\S]*retry-after: 1[\s\S]*This process is closing/i);
  await t.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' });
});

t.test('closing does not wait for ever', async (t) => {
  const { app, port, entered } = await listening(t, { closeTimeoutMs: 20 });
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(`GET /v1/slow HTTP/1.1\r\n${host}${key}\r\n`);
  await entered;
  await app.close();
  t.pass('closed with a request that never ended');
});
