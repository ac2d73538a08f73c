import { randomBytes } from 'node:crypto';
import { seedOrganization } from '@agentcal/command-service/service';
import { createLocalBus } from '@agentcal/shared/bus/local';
import { openEventStore } from '@agentcal/shared/event-store/open';
import { newKey } from '@agentcal/shared/http/keys';
import { deriveCalendarItemId, newId } from '@agentcal/shared/kernel/ids';
import { systemClock, toIso } from '@agentcal/shared/kernel/time';
import { testDatabase } from '@agentcal/shared/testing/database';
import pino from 'pino';
import t from 'tap';
import { api, openShop, tenOClock, until } from './api.fixture.ts';
import { webhookReceiver } from './receiver.fixture.ts';
import { type ServiceProcess, startService } from './service.fixture.ts';

/** Later than a reaction takes, and sooner than anybody gets impatient. */
const aheadMs = 12_000;

t.test('what time brings about survives the process that was to see to it', async (t) => {
  const { url: databaseUrl, pool } = await testDatabase(t);
  const env = {
    DATABASE_URL: databaseUrl,
    AGENTCAL_VAULT_KEY: randomBytes(32).toString('base64'),
    AGENTCAL_ALLOW_LOCAL_WEBHOOKS: 'true',
  };
  const log = pino({ level: 'silent' });
  const bus = createLocalBus();
  const organizationId = newId('organization');
  const secretKey = newKey({ kind: 'secret', livemode: false, organizationId });
  const publishableKey = newKey({ kind: 'publishable', livemode: false, organizationId });
  const store = await openEventStore({ pool, bus, log });
  t.teardown(() => store.close());
  await seedOrganization({ store, bus, clock: systemClock }, { organizationId, secretKey, publishableKey });
  const [command, projection] = await Promise.all([
    startService(t, 'command-service', env),
    startService(t, 'projection-service', env),
  ]);
  const calls = api(command.url, secretKey);
  const receiver = await webhookReceiver(t);
  await calls.send('POST', '/v1/webhooks', { url: receiver.url, events: ['booking.completed', 'booking.declined'] });
  const shop = await openShop(calls);
  const booked = await calls.send('POST', `${shop.account}/bookings`, shop.booking(tenOClock(3)));
  t.equal(booked.status, 201, JSON.stringify(booked.body));

  // As the log of somebody who booked earlier: no meeting that is booked over HTTP ends within seconds.
  const due = Date.now() + aheadMs;
  const [ending, asking] = ['ending', 'asking'].map((name) => deriveCalendarItemId('booking', shop.userId, name));
  const stream = `calendar-${shop.userId}`;
  const [sample] = await eventsOf('calendar.booking-created.v1');
  const happened = (type: string, data: object) => {
    const { id: _, ...event } = sample!;
    const command_id = newId('key');
    return { ...event, id: crypto.randomUUID(), type, data, metadata: { ...event.metadata, command_id } };
  };
  const { event_type_id, attendee, judged_by } = sample!.data as Record<string, unknown>;
  const common = { user_id: shop.userId, account_id: shop.account.split('/').at(-1), event_type_id, judged_by };
  const details = { ...common, attendee, metadata: {}, start_time: toIso(due - 60_000), end_time: toIso(due) };
  await store.append(stream, 'any', [
    happened('calendar.booking-created.v1', { ...details, booking_id: ending }),
    happened('calendar.booking-requested.v1', { ...details, booking_id: asking, expires_at: toIso(due) }),
  ]);
  await until(
    async () => (await jobs()).length === 4,
    'a job for the real booking, one for the end, two for the request',
  );
  await kill(projection);
  t.ok(Date.now() < due, 'the process was killed before anything was due');
  await until(() => Date.now() > due, 'the end of the meeting', 2 * aheadMs);
  t.same(await eventsOf('calendar.booking-completed.v1'), []);

  await startService(t, 'projection-service', env);
  await until(() => receiver.received.length >= 2, 'both webhooks');
  const told = receiver.received.map(({ event }) => [event.type, event.subject, event.data.status]);
  t.same(told.sort(), [
    ['booking.completed', ending, 'completed'],
    ['booking.declined', asking, 'declined'],
  ]);
  await until(async () => (await jobs()).filter((state) => state === 'completed').length === 3, 'all that was due');
  t.match(await eventsOf('calendar.booking-completed.v1'), [{ data: { booking_id: ending } }], 'once');
  t.match(await eventsOf('calendar.booking-declined.v1'), [{ data: { booking_id: asking, cause: 'expired' } }], 'once');

  async function eventsOf(type: string) {
    const found = [];
    for await (const event of store.readStream(stream)) if (event.type === type) found.push(event);
    return found;
  }

  async function jobs(): Promise<string[]> {
    const { rows } = await pool.query(`select state from jobs.job where name = 'lifecycle'`);
    return rows.map(({ state }) => state);
  }
});

async function kill({ child }: ServiceProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}
