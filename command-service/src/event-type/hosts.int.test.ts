import t from 'tap';
import { friday9, openShop } from '../calendar/http.fixture.ts';

t.test('an event type that names its hosts', async (t) => {
  const { send, account, userId: john, made, define, booking, idempotent } = await openShop(t);
  const anna = await made(`${account}/users`, { name: 'Anna', email: 'anna@acme.test', timezone: 'UTC' });
  const room = await made(`${account}/users`, { kind: 'resource', name: 'Room 1', timezone: 'UTC' });
  const unnamed = (event_type_id: string, change: object = {}) => {
    const { user_id: _, ...rest } = booking({ event_type_id, ...change });
    return rest;
  };
  const book = (body: object, more = {}) => send('POST', `${account}/bookings`, body, more);

  await t.test('is booked with one of them, and with nobody else', async (t) => {
    const event_type_id = await define({ hosts: [{ user_id: anna }, { user_id: room }] });
    t.match(await book(booking({ event_type_id })), { status: 422, body: { code: 'host_unavailable' } });
    t.match(await book(unnamed(event_type_id)), { status: 400, body: { errors: [{ pointer: '/body/user_id' }] } });
    t.match(await book(booking({ event_type_id, user_id: anna })), { status: 201, body: { user_id: anna } });
    t.match(await book(booking({ event_type_id, user_id: room })), { status: 201 }, 'a room by itself, too');
  });

  await t.test('can no longer be booked once its host has been removed', async (t) => {
    const event_type_id = await define({ hosts: [{ user_id: john }] });
    const before = await book(unnamed(event_type_id), idempotent('before'));
    t.match(before, { status: 201, body: { user_id: john } });
    await send('DELETE', `${account}/users/${john}`);

    const gone = { status: 422, body: { code: 'host_unavailable' } };
    const tenThirty = { start_time: friday9.replace('09:00', '10:30') };
    t.match(await book(unnamed(event_type_id, tenThirty)), gone);
    const { attendee: _, ...hold } = unnamed(event_type_id, tenThirty) as { attendee: object };
    t.match(await send('POST', `${account}/holds`, hold), gone);
    t.match(await send('PATCH', `${account}/bookings/${before.body.id}`, tenThirty), gone);
    t.match(
      await book(booking({ event_type_id, ...tenThirty })),
      { status: 404 },
      'by name he is as absent as anybody',
    );
    t.same((await book(unnamed(event_type_id), idempotent('before'))).body, before.body, 'repeated');
    t.match(
      await send('DELETE', `${account}/bookings/${before.body.id}`),
      { status: 200 },
      'what was booked stays his',
    );
  });
});
