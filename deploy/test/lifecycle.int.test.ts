import { randomBytes } from 'node:crypto';
import { seedOrganization } from '@agentcal/command-service/service';
import { createLocalBus } from '@agentcal/shared/bus/local';
import { openEventStore } from '@agentcal/shared/event-store/open';
import { newKey } from '@agentcal/shared/http/keys';
import { deriveCalendarItemId, newId } from '@agentcal/shared/kernel/ids';
import { systemClock, toIso } from '@agentcal/shared/kernel/time';
import { testDatabase } from '@agentcal/shared/testing/database';
import type pg from 'pg';
import pino from 'pino';
import t from 'tap';
import { type Api, api, openShop, type Shop, tenOClock, until } from './api.fixture.ts';
import { webhookReceiver } from './receiver.fixture.ts';
import { type ServiceProcess, startService } from './service.fixture.ts';

/** Later than a reaction takes, and sooner than anybody gets impatient. */
const aheadMs = 12_000;

t.test('what time brings about, and what was left half done, survives the process that was to see to it', async (t) => {
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
  let calls = api(command.url, secretKey);
  const receiver = await webhookReceiver(t);
  await calls.send('POST', '/v1/webhooks', { url: receiver.url, events: ['booking.completed', 'booking.declined'] });
  const shop = await openShop(calls);
  const booked = await calls.send('POST', `${shop.account}/bookings`, shop.booking(tenOClock(3)));
  t.equal(booked.status, 201, JSON.stringify(booked.body));

  // Two meetings of two hosts, each claimed of the first host only when the process dies.
  const team = await hireTeam(calls, shop);
  const [first, last] = team.userIds.map((id) => `calendar-${id}`) as [string, string];
  const [again, leftAlone] = [team.meeting(tenOClock(4)), team.meeting(tenOClock(5))];
  await using barrier = await holdUp(pool, last);
  const ask = (request: typeof again) =>
    calls.send(...request).then(
      ({ status }) => status,
      () => 'no answer',
    );
  const one = ask(again);
  await until(() => barrier.holdsUp(), 'the claim of the second host waits');
  const other = ask(leftAlone);
  await until(async () => (await eventsOf('calendar.part-claimed.v1', first)).length === 2, 'both claims of the first');
  await kill(command);
  t.same(await Promise.all([one, other]), ['no answer', 'no answer']);
  await barrier.end();
  t.same(await eventsOf('calendar.part-claimed.v1', last), []);
  calls = api((await startService(t, 'command-service', env)).url, secretKey);
  const finished = await calls.send(...again);
  t.match(finished, { status: 201, body: { status: 'confirmed', user_ids: { length: 2 } } }, 'another process goes on');
  t.same((await calls.send(...again)).body, finished.body, 'and answers the same from then on');
  const [method, path, wanted] = leftAlone;
  t.match(await calls.send(method, path, wanted), { status: 409 }, 'what is left alone stands in the way');

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
    async () => (await jobs()).length === 8,
    'a job for each of three real bookings, for the end, and for each plan; two for the request',
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
  await until(async () => (await jobs()).filter((state) => state === 'completed').length === 5, 'all that was due');
  t.match(await eventsOf('calendar.booking-completed.v1'), [{ data: { booking_id: ending } }], 'once');
  t.match(await eventsOf('calendar.booking-declined.v1'), [{ data: { booking_id: asking, cause: 'expired' } }], 'once');

  t.equal(
    (await eventsOf('calendar.part-released.v1', first)).length,
    1,
    'and the plan that nobody sent again is undone',
  );
  t.match(await calls.send(method, path, wanted), { status: 201 }, 'so its time is free');

  async function eventsOf(type: string, of = stream) {
    const found = [];
    for await (const event of store.readStream(of)) if (event.type === type) found.push(event);
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

/** Two hosts, in the order in which plans go through their calendars, who have to come together. */
async function hireTeam({ send }: Api, { account, userId, booking }: Shop) {
  const user = { name: 'Colleague', email: 'colleague@shop.test', timezone: 'UTC' };
  const colleague = (await send('POST', `${account}/users`, user)).body.id as string;
  const userIds = [userId, colleague].sort();
  const hosts = userIds.map((user_id) => ({ user_id }));
  const settings = { name: 'Team', duration_minutes: 30, assignment: 'collective', hosts };
  const event_type_id = (await send('POST', `${account}/event-types`, settings)).body.id;
  // So that there is a calendar of theirs.
  const own = { ...booking(tenOClock(2)), user_id: colleague };
  await send('POST', `${account}/bookings`, own);
  const meeting = (start: string) => {
    const wanted = { ...booking(start), user_id: undefined, event_type_id };
    return ['POST', `${account}/bookings`, wanted, { 'idempotency-key': start }] as const;
  };
  return { userIds, meeting };
}

/** Keeps every append to a stream waiting. Whoever waits at its end is cut off, as by the death of the one who sent it. */
async function holdUp(pool: pg.Pool, streamId: string) {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('select from log.streams where stream_id = $1 for update', [streamId]);
  const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  let ended = false;
  const end = async () => {
    if (ended) return;
    ended = true;
    await pool.query(`select pg_terminate_backend(pid) ${waiting}`);
    await until(async () => !(await holdsUp()), 'nobody waits any more');
    await client.query('rollback');
    client.release();
  };
  const holdsUp = async () => (await pool.query(`select pid ${waiting}`)).rows.length > 0;
  return { holdsUp, end, [Symbol.asyncDispose]: end };
}
