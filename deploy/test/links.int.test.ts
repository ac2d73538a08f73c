import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@agentcal/shared/process/config';
import { testDatabase } from '@agentcal/shared/testing/database';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { startAllInOne } from '../all-in-one/app.ts';
import { api, openShop, tenOClock } from './api.fixture.ts';

t.test('an attendee changes their booking by the links that they were sent', async (t) => {
  const calls = await startProduct(t);
  const shop = await openShop(calls);
  const colleague = (
    await calls.send('POST', `${shop.account}/users`, { name: 'Room', kind: 'resource', timezone: 'UTC' })
  ).body.id;
  const hosts = [{ user_id: shop.userId }, { user_id: colleague }];
  const team = { name: 'Team', duration_minutes: 30, assignment: 'collective', hosts };
  const together = (await calls.send('POST', `${shop.account}/event-types`, team)).body.id;

  for (const [name, change, inWay] of [
    ['of one host', {}, 0],
    ['of several hosts', { event_type_id: together, user_id: undefined }, 1],
  ] as const) {
    await t.test(name, async (t) => {
      const at = tenOClock(weekday(inWay));
      const made = await calls.send('POST', `${shop.account}/bookings`, { ...shop.booking(at), ...change });
      t.equal(made.status, 201, JSON.stringify(made.body));
      const { cancel_url, reschedule_url, user_ids } = made.body;
      const min = { 'agentcal-min-position': made.headers.get('agentcal-position')! };

      // As a browser: the link as it stands in the mail, and no key.
      const seen = await (await fetch(reschedule_url, { headers: min })).json();
      t.match(seen, { status: 'confirmed', start_time: at, can: ['reschedule'], hosts: user_ids.map(() => String) });
      const day = at.slice(0, 10);
      const list = await fetch(`${reschedule_url}/availability?start_date=${day}&end_date=${day}`, { headers: min });
      const { data } = (await list.json()) as { data: { start_time: string }[] };
      const starts = data.map(({ start_time }) => start_time);
      t.ok(starts.includes(at), 'its own time is free for itself');

      for (const start_time of [starts[1], starts.at(-1), at]) {
        const moved = await post(`${reschedule_url}/reschedule`, { start_time });
        t.match(moved, { status: 200, body: { start_time, status: 'confirmed' } }, 'what is listed can be had');
      }
      t.match(await post(`${cancel_url}/cancel`, { reason: 'ill' }), { status: 200, body: { status: 'cancelled' } });
      t.match(await post(`${reschedule_url}/reschedule`, { start_time: at }), { status: 410 });
      const again = await calls.send('POST', `${shop.account}/bookings`, { ...shop.booking(at), ...change });
      t.equal(again.status, 201, 'and everybody’s time is free again');
    });
  }
});

t.test('what a link lists can be had, whatever has become of the event type', async (t) => {
  const calls = await startProduct(t);
  const { send } = calls;
  const shop = await openShop(calls);
  const user = { name: 'Colleague', email: 'colleague@shop.test', timezone: 'UTC' };
  const colleague = (await send('POST', `${shop.account}/users`, user)).body.id;
  const define = async (settings: object) => {
    const { body } = await send('POST', `${shop.account}/event-types`, { duration_minutes: 30, ...settings });
    return { id: body.id as string, path: `${shop.account}/event-types/${body.id}` };
  };
  const hosts = [{ user_id: shop.userId }, { user_id: colleague }];
  const only = hosts.slice(0, 1);
  const ten = tenOClock(weekday(0));
  const day = ten.slice(0, 10);
  const [nine, eleven] = [`${day}T09:00:00Z`, `${day}T11:00:00Z`];
  const book = async (id: string, attendee = 'ada@example.com') => {
    const wanted = { ...shop.booking(ten, attendee), event_type_id: id, user_id: undefined };
    const made = await send('POST', `${shop.account}/bookings`, wanted);
    t.equal(made.status, 201, JSON.stringify(made.body));
    return made.body;
  };
  const look = async (url: string, seen: { readonly headers: Headers }, path = '') => {
    const headers = { 'agentcal-min-position': seen.headers.get('agentcal-position')! };
    const answer = await fetch(url + path, { headers });
    return { status: answer.status, body: await answer.json() };
  };
  const lists = async (url: string, seen: { readonly headers: Headers }, start: string) => {
    const { body } = await look(url, seen, `/availability?start_date=${day}&end_date=${day}`);
    return (body as { data: { start_time: string }[] }).data.some(({ start_time }) => start_time === start);
  };

  await t.test('retired', async (t) => {
    const { id, path } = await define({ name: 'Retired', hosts: only });
    const { reschedule_url, cancel_url } = await book(id);
    const retired = await send('DELETE', path);
    t.match((await look(reschedule_url, retired)).body, { event_type: { name: 'Retired' }, can: ['reschedule'] });
    t.ok(await lists(reschedule_url, retired, nine));
    t.match(await post(`${reschedule_url}/reschedule`, { start_time: nine }), { status: 200 });
    t.equal((await calls.get(path)).status, 404, 'and nobody else finds it');
    const free = `${shop.account}/availability?event_type_id=${id}&user_id=${shop.userId}&start_date=${day}&end_date=${day}`;
    t.equal((await calls.get(free)).status, 404);
    await post(`${cancel_url}/cancel`, {});
  });

  await t.test('with another host', async (t) => {
    const { id, path } = await define({ name: 'Handed over', hosts: only });
    const { reschedule_url, cancel_url } = await book(id);
    const changed = await send('PATCH', path, { hosts: hosts.slice(1) });
    t.ok(await lists(reschedule_url, changed, nine));
    const moved = await post(`${reschedule_url}/reschedule`, { start_time: nine });
    t.match(moved, { status: 200, body: { hosts: ['Host'] } }, 'it stays with whom it was booked');
    await post(`${cancel_url}/cancel`, {});
  });

  await t.test('round robin: who has it may be busy', async (t) => {
    const { id } = await define({ name: 'Anyone', assignment: 'round_robin', hosts });
    const { reschedule_url, cancel_url } = await book(id);
    const busy = await send('POST', `${shop.account}/bookings`, shop.booking(eleven));
    t.ok(await lists(reschedule_url, busy, eleven));
    const moved = await post(`${reschedule_url}/reschedule`, { start_time: eleven });
    t.match(moved, { status: 200, body: { hosts: ['Colleague'] } });
    await post(`${cancel_url}/cancel`, {});
  });

  await t.test('seats: that of one is given back, that of another is not', async (t) => {
    const { id } = await define({ name: 'Class', hosts: only, seats: 3 });
    const first = await book(id);
    const second = await book(id, 'bob@example.com');
    t.equal(second.id, first.id);
    const { headers } = await fetch(`${first.cancel_url}/cancel`, { method: 'POST' });
    t.match(await look(first.cancel_url, { headers }), { status: 410, body: { code: 'link_expired' } });
    t.match(await look(second.cancel_url, { headers }), { status: 200, body: { can: ['cancel'] } });
  });
});

/** How many days ahead there is a Tuesday or a Wednesday of the week after next. */
function weekday(more: number): number {
  return 14 + ((2 - new Date().getUTCDay() + 7) % 7) + more;
}

async function startProduct(t: Test) {
  const { url: databaseUrl } = await testDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'links-'));
  t.teardown(() => rm(dataDir, { recursive: true }));
  const config = readConfig({ PORT: '0', DATABASE_URL: databaseUrl, AGENTCAL_DATA_DIR: dataDir });
  const { url, testKeys, close } = await startAllInOne(config, { log: pino({ level: 'silent' }) });
  t.teardown(close);
  return api(url, testKeys.secretKey);
}

async function post(url: string, body: object) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}
