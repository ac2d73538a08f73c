import { startDouble } from '@agentcal/shared/event-store/eventstoredb/double/start';
import t, { type Test } from 'tap';
import { api, openShop, tenOClock, until } from './api.fixture.ts';
import { whyNoNginx } from './gateway/nginx.fixture.ts';
import { startSplit } from './gateway/split.fixture.ts';
import { webhookReceiver } from './receiver.fixture.ts';

const why = whyNoNginx();
if (why) t.test('four processes behind the gateway were not tested', { skip: why }, async () => {});
else {
  t.test('four processes behind the gateway do what one does: the log in Postgres', async (t) => {
    await travels(t, {});
  });

  t.test('four processes behind the gateway do what one does: the log behind the EventStoreDB protocol', async (t) => {
    const double = await startDouble();
    t.teardown(() => double.close());
    await travels(t, { EVENTSTORE_URL: double.url });
  });
}

/** A booking goes in at one process, and comes out of the three others. */
async function travels(t: Test, env: Record<string, string>): Promise<void> {
  const { gateway, keys } = await startSplit(t, { env });
  const calls = api(gateway.url, keys.secretKey);
  const receiver = await webhookReceiver(t);
  await calls.send('POST', '/v1/webhooks', { url: receiver.url, events: ['booking.created'] });
  const shop = await openShop(calls);
  const once = { 'idempotency-key': 'first' };
  const booked = await calls.send('POST', `${shop.account}/bookings`, shop.booking(tenOClock(3)), once);
  t.equal(booked.status, 201, JSON.stringify(booked.body));
  const again = await calls.send('POST', `${shop.account}/bookings`, shop.booking(tenOClock(3)), once);
  t.match(again, { status: 201, body: { id: booked.body.id } });

  const min = { 'agentcal-min-position': booked.headers.get('agentcal-position')! };
  const account = { 'x-account-id': shop.account.split('/').at(-1)! };
  const shown = await calls.get(`/v1/bookings/${booked.body.id}`, { ...min, ...account });
  t.match(shown, { status: 200, body: { status: 'confirmed' } });
  const tagged = { 'if-match': shown.headers.get('etag')! };
  const move = (start_time: string) =>
    calls.send('PATCH', `${shop.account}/bookings/${booked.body.id}`, { start_time }, tagged);
  t.equal((await move(tenOClock(4))).status, 200);
  t.equal((await move(tenOClock(5))).status, 412, 'an ETag of one side is known by the other');

  const link = new URL(booked.body.cancel_url).pathname.split('/').at(-1);
  t.equal((await fetch(`${gateway.url}/v1/public/bookings/${link}`)).status, 200, 'a link needs no key');
  await until(() => receiver.received.length === 1, 'a webhook');
  t.match(receiver.received, [{ event: { type: 'booking.created', subject: booked.body.id } }]);
}
