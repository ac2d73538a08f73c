import t from 'tap';
import { testService } from '../testing.ts';
import { openTenToFour } from './samples.ts';

const friday = (clock: string) => `2030-05-03T${clock}:00Z`;

/** An account with a host in UTC from nine to five, and what is booked with them. */
async function world(t: Parameters<typeof testService>[0]) {
  const service = await testService(t);
  const { test: key, live } = await service.register();
  const send = (method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown, headers = {}) =>
    service.call(method, path, { key, body, headers });
  const account = (await send('POST', '/v1/accounts', { name: 'Acme' })).headers.location as string;
  const made = async (path: string, body: object) => (await send('POST', `${account}/${path}`, body)).body.id as string;
  const user_id = await made('users', { name: 'John', email: 'john@acme.test', timezone: 'UTC' });
  const event_type_id = await made('event-types', { name: 'Consultation', duration_minutes: 30 });
  const attendee = { email: 'mia@example.test', name: 'Mia' };
  const book = (clock: string, change: object = {}) =>
    send('POST', `${account}/bookings`, { user_id, event_type_id, start_time: friday(clock), attendee, ...change });
  return { ...service, key, live, send, account, made, book };
}

t.test('the hours of an account are set, replaced and cleared', async (t) => {
  const { send, account } = await world(t);
  const path = `${account}/schedule`;
  t.match(await send('DELETE', path), { status: 404, body: { code: 'not_found' } });
  t.match(await send('PUT', path, openTenToFour), { status: 200, headers: { etag: '"1"' }, body: openTenToFour });
  t.match(await send('PUT', path, openTenToFour), { status: 200, headers: { etag: '"1"' } }, 'nothing new, no event');
  const shorter = { timezone: 'UTC', rules: openTenToFour.rules.slice(0, 1) };
  t.match(await send('PUT', path, shorter, { 'if-match': '"0"' }), { status: 412 });
  t.match(await send('PUT', path, shorter, { 'if-match': '"1"' }), { status: 200, body: shorter });
  for (const time of ['first', 'second']) {
    t.match(await send('DELETE', path), { status: 200, headers: { etag: '"3"' }, body: shorter }, `the ${time} time`);
  }
});

t.test('what hours may be', async (t) => {
  const { send, account, call, live } = await world(t);
  const path = `${account}/schedule`;
  const reversed = [{ day_of_week: 1, start_time: '16:00', end_time: '10:00' }];
  for (const [change, pointer] of [
    [{ rules: reversed }, '/body/rules/0/end_time'],
    [{ timezone: 'Nowhere' }, '/body/timezone'],
    [{ holidays: { country: 'ZZ' } }, '/body/holidays/country'],
  ] as const) {
    t.match(await send('PUT', path, { ...openTenToFour, ...change }), {
      status: 400,
      body: { code: 'invalid_schedule', errors: [{ pointer }] },
    });
  }
  t.match(await send('PUT', path, { ...openTenToFour, color: 'red' }), { status: 400 });
  t.match(await call('PUT', path, { key: live, body: openTenToFour }), { status: 404 });
  t.match(await call('DELETE', path, { key: live }), { status: 404 });
});

t.test('a booking has to be within the hours of the account and of the host', async (t) => {
  const { send, account, book, made } = await world(t);
  t.match(await book('09:00'), { status: 201 }, 'before there are any');
  await send('PUT', `${account}/schedule`, openTenToFour);

  t.match(await book('09:30'), {
    status: 422,
    body: { code: 'outside_hours', alternatives: [{ start_time: friday('10:00') }] },
  });
  t.match(await book('15:45'), { status: 422, body: { code: 'outside_hours' } });
  const inside = await book('10:00');
  t.equal(inside.status, 201);
  const moved = (clock: string) =>
    send('PATCH', `${account}/bookings/${inside.body.id}`, { start_time: friday(clock) });
  t.match(await moved('16:30'), { status: 422, body: { code: 'outside_hours' } });
  t.match(await moved('15:30'), { status: 200 });

  await t.test('unless the event type has hours of its own, which hold instead', async (t) => {
    const rules = [{ day_of_week: 5, start_time: '08:00', end_time: '09:30' }];
    const early = {
      event_type_id: await made('event-types', {
        name: 'Early',
        duration_minutes: 15,
        hours: { timezone: 'UTC', rules },
      }),
    };
    t.match(await book('09:45', early), { status: 422, body: { code: 'outside_hours' } });
    t.match(await book('08:30', early), { status: 422, body: { code: 'outside_hours' } }, 'the host is not there yet');
    t.match(await book('11:00', early), { status: 422, body: { code: 'outside_hours' } });
    t.match(await book('09:15', early), { status: 409 }, 'within both, and taken');
  });

  await t.test('and on no public holiday of theirs', async (t) => {
    // Good Friday of 2031; the host works on it.
    await send('PUT', `${account}/schedule`, { ...openTenToFour, holidays: { country: 'DE' } });
    const on = (date: string) => book('11:00', { start_time: `${date}T11:00:00Z` });
    t.match(await on('2031-04-11'), { status: 422, body: { code: 'outside_hours' } });
    t.match(await on('2031-04-17'), { status: 201 });
  });

  await t.test('and anywhere in the host’s own once they are cleared', async (t) => {
    await send('DELETE', `${account}/schedule`);
    t.match(await book('16:30'), { status: 201 });
  });
});
