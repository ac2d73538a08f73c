import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { startProcess } from '../all-in-one/process.fixture.ts';
import { type Api, api, openShop, type Shop, tenOClock, until } from './api.fixture.ts';
import { verified, webhookReceiver } from './receiver.fixture.ts';

/** A new customer's first hour: a booking travels through everything, and is there after a restart. */
t.test('a booking is made, moved and cancelled; webhooks say so; a restart finds everything', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'first-customer-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const env = { AGENTCAL_DATA_DIR: join(folder, 'data') };
  const first = startProcess(env);
  t.teardown(() => first.child.kill('SIGKILL'));
  const url = await first.url;
  const key = /^sk_test_\w+$/m.exec(first.said())?.[0] ?? '';
  const calls = api(url, key);
  const receiver = await webhookReceiver(t);
  const { id: webhook, secret } = await register(calls, receiver.url);
  t.match(secret, /^whsec_/);

  const shop = await openShop(calls);
  const at = tenOClock(3);
  t.ok((await startsOn(calls, shop, at)).includes(at), 'the time is offered');
  const booked = await calls.send('POST', `${shop.account}/bookings`, shop.booking(at));
  t.equal(booked.status, 201);
  const path = `${shop.account}/bookings/${booked.body.id}`;
  t.notOk((await startsOn(calls, shop, at, booked.headers.get('agentcal-position')!)).includes(at), 'and no more');

  const moved = await calls.send('PATCH', path, { start_time: tenOClock(4) });
  t.match(moved, { status: 200, body: { id: booked.body.id, start_time: tenOClock(4) } });
  const cancelled = await calls.send('DELETE', path, { reason: 'ill' });
  t.equal(cancelled.status, 200);
  t.ok(
    (await startsOn(calls, shop, at, cancelled.headers.get('agentcal-position')!)).includes(at),
    'both times are free again',
  );

  await until(() => receiver.received.length === 3, 'three webhooks');
  t.same(
    receiver.received.map(({ event }) => event.type),
    ['booking.created', 'booking.rescheduled', 'booking.cancelled'],
  );
  for (const one of receiver.received) t.match(verified(secret, one), { subject: booked.body.id }, one.event.type);
  const attempts = async () => (await calls.get(`/v1/webhooks/${webhook}/attempts`)).body.data;
  await until(async () => (await attempts()).length === 3, 'three attempts on record');
  t.match((await attempts())[0], { event_type: 'booking.cancelled', attempt: 1, delivered: true, status_code: 204 });
  t.equal((await first.end('SIGTERM')).code, 0);

  const second = startProcess(env);
  t.teardown(() => second.child.kill('SIGKILL'));
  const again = api(await second.url, key);
  const min = { 'agentcal-min-position': cancelled.headers.get('agentcal-position')! };
  t.match(await again.get(path, min), {
    status: 200,
    body: {
      status: 'cancelled',
      start_time: tenOClock(4),
      attendee: { email: 'ada@example.com' },
      cancellation_reason: 'ill',
    },
  });
  t.match((await again.get('/v1/webhooks')).body, { data: [{ url: receiver.url }] });
  t.equal((await second.end('SIGTERM')).code, 0);
  t.equal(receiver.received.length, 3, 'nothing is told twice');
});

async function register({ send }: Api, url: string): Promise<{ id: string; secret: string }> {
  const events = ['booking.created', 'booking.rescheduled', 'booking.cancelled'];
  return (await send('POST', '/v1/webhooks', { url, events })).body;
}

async function startsOn({ get }: Api, shop: Shop, at: string, position = shop.position): Promise<string[]> {
  const day = at.slice(0, 10);
  const query = new URLSearchParams({
    user_id: shop.userId,
    event_type_id: shop.eventTypeId,
    start_date: day,
    end_date: day,
    timezone: 'UTC',
  });
  const { body } = await get(`${shop.account}/availability?${query}`, { 'agentcal-min-position': position });
  return body.data.map(({ start_time }: { start_time: string }) => start_time);
}
