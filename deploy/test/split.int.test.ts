import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDouble } from '@agentcal/shared/event-store/eventstoredb/double/start';
import { testDatabase } from '@agentcal/shared/testing/database';
import t, { type Test } from 'tap';
import { startProcess } from '../all-in-one/process.fixture.ts';
import { api, openShop, tenOClock, until } from './api.fixture.ts';
import { webhookReceiver } from './receiver.fixture.ts';
import { startService } from './service.fixture.ts';

t.test('four processes behind a gateway do what one does: the log in Postgres', async (t) => {
  await travels(t, {});
});

t.test('four processes behind a gateway do what one does: the log behind the EventStoreDB protocol', async (t) => {
  const double = await startDouble();
  t.teardown(() => double.close());
  await travels(t, { EVENTSTORE_URL: double.url });
});

/** A booking goes in at one process, and comes out of the three others. */
async function travels(t: Test, engines: Record<string, string>): Promise<void> {
  const { url: databaseUrl } = await testDatabase(t);
  const env = {
    DATABASE_URL: databaseUrl,
    AGENTCAL_VAULT_KEY: randomBytes(32).toString('base64'),
    AGENTCAL_ALLOW_LOCAL_WEBHOOKS: 'true',
    ...engines,
  };
  const key = await firstKey(t, env);
  const [command, query] = await Promise.all([
    startService(t, 'command-service', env),
    startService(t, 'query-service', env),
    startService(t, 'projection-service', env),
    startService(t, 'sync-service', env),
  ]);
  const calls = api(await gateway(t, command.url, query.url), key);
  const receiver = await webhookReceiver(t);
  await calls.send('POST', '/v1/webhooks', { url: receiver.url, events: ['booking.created'] });
  const shop = await openShop(calls);
  const booked = await calls.send('POST', `${shop.account}/bookings`, shop.booking(tenOClock(3)));
  t.equal(booked.status, 201, JSON.stringify(booked.body));
  const min = { 'agentcal-min-position': booked.headers.get('agentcal-position')! };
  t.match(await calls.get(`${shop.account}/bookings/${booked.body.id}`, min), {
    status: 200,
    body: { status: 'confirmed' },
  });
  await until(() => receiver.received.length === 1, 'a webhook');
  t.match(receiver.received, [{ event: { type: 'booking.created', subject: booked.body.id } }]);
}

/** The organization and its key are made by a first start of everything in one. */
async function firstKey(t: Test, env: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'split-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const started = startProcess({ ...env, AGENTCAL_DATA_DIR: folder });
  await started.url;
  await started.end('SIGTERM');
  return /^sk_test_\w+$/m.exec(started.said())?.[0] ?? '';
}

/** Routes by method, as deploy/gateway does. */
async function gateway(t: Test, commandUrl: string, queryUrl: string): Promise<string> {
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const side = incoming.method === 'GET' ? queryUrl : commandUrl;
    const { method, headers } = incoming;
    const forwarded = request(side + incoming.url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
