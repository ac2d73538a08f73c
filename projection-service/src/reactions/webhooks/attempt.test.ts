import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PublicEvent } from '@agentcal/shared/resources/webhook';
import { newWebhookSecret } from '@agentcal/shared/webhooks/signature';
import { Webhook } from 'standardwebhooks';
import t, { type Test } from 'tap';
import { createSender } from './attempt.ts';

const secret = newWebhookSecret();
const event = { id: 'event-1', type: 'booking.created' } as PublicEvent;
const message = (url: string) => ({ webhookId: 'whk_1', url, event, secret });

async function receiver(t: Test, answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => answer(request, response, text));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sender(t: Test, options: { allowLoopback: boolean; timeoutMs?: number }) {
  const { allowLoopback, ...rest } = options;
  const made = createSender({ policy: { allowLoopback }, ...rest });
  t.teardown(() => made.close());
  return made;
}

t.test('posts what the public library verifies', async (t) => {
  let verified: unknown;
  const url = await receiver(t, ({ headers }, response, text) => {
    verified = new Webhook(secret).verify(text, headers as Record<string, string>);
    response.writeHead(204).end();
  });
  t.match(await sender(t, { allowLoopback: true }).send(message(url)), {
    delivered: true,
    statusCode: 204,
    detail: null,
  });
  t.same(verified, event);
});

t.test('keeps the beginning of a refusal', async (t) => {
  const url = await receiver(t, (_, response) => response.writeHead(500).end('broken '.repeat(10_000)));
  const attempt = await sender(t, { allowLoopback: true }).send(message(url));
  t.match(attempt, { delivered: false, statusCode: 500, detail: /^broken/ });
  t.ok(attempt.detail!.length <= 500);
});

t.test('follows no redirect', async (t) => {
  let reached = false;
  const target = await receiver(t, (_, response) => {
    reached = true;
    response.end();
  });
  const url = await receiver(t, (_, response) => response.writeHead(307, { location: target }).end());
  t.match(await sender(t, { allowLoopback: true }).send(message(url)), {
    delivered: false,
    statusCode: 307,
    detail: 'redirects are not followed',
  });
  t.notOk(reached);
});

t.test('gives up on a receiver that does not answer', async (t) => {
  const url = await receiver(t, () => {});
  t.match(await sender(t, { allowLoopback: true, timeoutMs: 200 }).send(message(url)), {
    delivered: false,
    statusCode: null,
    detail: 'no answer in time',
  });
});

t.test('never opens a connection to a private address', async (t) => {
  let reached = false;
  const url = await receiver(t, (_, response) => {
    reached = true;
    response.end();
  });
  const { port } = new URL(url);
  const strict = sender(t, { allowLoopback: false });
  t.match(await strict.send(message(url)), { delivered: false, detail: /cannot receive/ });
  t.match(await strict.send(message(`https://127.0.0.1:${port}`)), { delivered: false, detail: /not public/ });
  t.notOk(reached);
});

t.test('says that nobody listens', async (t) => {
  const url = await receiver(t, () => {});
  const closed = url.replace(/\d+$/, '1');
  t.match(await sender(t, { allowLoopback: true }).send(message(closed)), {
    delivered: false,
    statusCode: null,
    detail: /no connection/,
  });
});
