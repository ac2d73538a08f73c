import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { startProcess } from '../all-in-one/process.fixture.ts';
import { api, openShop, tenOClock } from './api.fixture.ts';

/** What one side of the product offers, the other takes by the word that stands beside it. */
t.test('a slot that is listed is held and booked by its id', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'offered-slot-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const started = startProcess({ AGENTCAL_DATA_DIR: join(folder, 'data') });
  t.teardown(() => started.end('SIGTERM'));
  const { get, send } = api(await started.url, /^sk_test_\w+$/m.exec(started.said())?.[0] ?? '');
  const shop = await openShop({ get, send });
  let position = shop.position;
  const post = async (path: string, body: object) => {
    const answer = await send('POST', `${shop.account}/${path}`, body);
    position = answer.headers.get('agentcal-position') ?? position;
    return answer;
  };
  const date = tenOClock(3).slice(0, 10);
  const list = async (eventTypeId: string, more: Record<string, string> = {}) => {
    const asked = { event_type_id: eventTypeId, start_date: date, end_date: date, timezone: 'UTC', ...more };
    const path = `${shop.account}/availability?${new URLSearchParams(asked)}`;
    return (await get(path, { 'agentcal-min-position': position })).body.data;
  };
  const attendee = { email: 'ada@example.com', name: 'Ada' };
  const { id: colleague } = (await post('users', { name: 'Colleague', email: 'colleague@shop.test', timezone: 'UTC' }))
    .body;
  const rules = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time: '09:00', end_time: '11:00' }));
  await send('PUT', `${shop.account}/users/${colleague}/schedule`, { timezone: 'UTC', rules });
  const hosts = [{ user_id: shop.userId }, { user_id: colleague }];
  const eventType = async (assignment: string) =>
    (await post('event-types', { name: assignment, duration_minutes: 30, assignment, hosts })).body.id;

  await t.test('of one user', async (t) => {
    const [first, second] = await list(shop.eventTypeId, { user_id: shop.userId });
    const held = await post('holds', { slot_id: first.slot_id });
    t.match(held, { status: 201, body: { start_time: first.start_time, user_id: shop.userId } });
    const byHold = await post('bookings', { hold_id: held.body.id, attendee });
    t.match(byHold, { status: 201, body: { start_time: first.start_time } });
    const bySlot = await post('bookings', { slot_id: second.slot_id, attendee });
    t.match(bySlot, { status: 201, body: { start_time: second.start_time, user_ids: [shop.userId] } });
    const again = await post('bookings', { slot_id: second.slot_id, attendee });
    t.match(again, { status: 409, body: { code: 'slot_taken', alternatives: [{ slot_id: /^slot_/ }, {}, {}] } });
  });

  await t.test('of all hosts', async (t) => {
    const slots = await list(await eventType('collective'));
    t.equal(slots.length, 4, 'when both are there');
    const held = await post('holds', { slot_id: slots[0].slot_id });
    t.equal(held.status, 201);
    const booked = await post('bookings', { hold_id: held.body.id, attendee });
    t.match(booked, { status: 201, body: { start_time: slots[0].start_time, user_ids: slots[0].user_ids } });
    const next = await post('bookings', { slot_id: slots[1].slot_id, attendee });
    t.match(next, { status: 201, body: { start_time: slots[1].start_time, user_ids: slots[1].user_ids } });
  });

  await t.test('of whoever can, and of the one who was asked for', async (t) => {
    const roundRobin = await eventType('round_robin');
    const slots = await list(roundRobin);
    const shared = slots.find(({ user_ids }: { user_ids: string[] }) => user_ids.length === 2);
    const booked = await Promise.all([1, 2].map(() => post('bookings', { slot_id: shared.slot_id, attendee })));
    t.same(
      booked.map(({ status }) => status),
      [201, 201],
      'one after the other',
    );
    t.same(booked.flatMap(({ body }) => body.user_ids).sort(), shared.user_ids.toSorted());
    t.match(await post('bookings', { slot_id: shared.slot_id, attendee }), {
      status: 409,
      body: { code: 'slot_taken' },
    });
    const [theirs] = await list(roundRobin, { user_id: colleague });
    const named = await post('bookings', { slot_id: theirs.slot_id, attendee });
    t.match(named, { status: 201, body: { start_time: theirs.start_time, user_ids: [colleague] } });
  });

  await t.test('of several parts', async (t) => {
    const roundRobin = await eventType('round_robin');
    const parts = [{ event_type_id: shop.eventTypeId, user_id: shop.userId }, { event_type_id: roundRobin }];
    const asked = { parts, start_date: tenOClock(4), end_date: tenOClock(5), limit: 1 };
    const { body } = await send('POST', `${shop.account}/availability/sequences`, asked);
    for (const { slot_id, start_time } of body.data[0].parts) {
      t.match(await post('bookings', { slot_id, attendee }), { status: 201, body: { start_time } });
    }
  });
});
