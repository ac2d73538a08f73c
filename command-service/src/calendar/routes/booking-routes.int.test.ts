import { minute } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { friday9, now, openShop, unknownUser } from '../http.fixture.ts';

const eleven = '2030-05-03T11:00:00Z';

async function booked(t: Parameters<typeof openShop>[0]) {
  const shop = await openShop(t);
  const made = await shop.send('POST', `${shop.account}/bookings`, shop.booking());
  return {
    ...shop,
    made: made.body,
    etag: made.headers.etag as string,
    path: `${shop.account}/bookings/${made.body.id}`,
  };
}

t.test('a booking is moved', async (t) => {
  const { send, path, made, etag, account, booking, idempotent } = await booked(t);
  const moved = await send('PATCH', path, { start_time: '2030-05-03T13:00:00+02:00' }, idempotent('move'));
  t.match(moved, {
    status: 200,
    headers: { etag: '"2"' },
    body: { id: made.id, start_time: eleven, end_time: '2030-05-03T11:30:00Z' },
  });
  t.match(await send('POST', `${account}/bookings`, booking()), { status: 201 }, 'its old time is free');
  t.match(await send('PATCH', path, { start_time: friday9 }), { status: 409, body: { code: 'slot_taken' } });
  t.match(
    await send('PATCH', path, { start_time: eleven }),
    { status: 200, headers: { etag: '"2"' } },
    'there already',
  );
  t.match(await send('PATCH', path, { start_time: '2030-05-03T12:00:00Z' }, { headers: { 'if-match': etag } }), {
    status: 412,
  });
  const [slot] = (await send('PATCH', path, { start_time: friday9 })).body.alternatives;
  t.match(await send('PATCH', path, { slot_id: slot.slot_id, reason: 'earlier suits me' }), {
    status: 200,
    body: { start_time: slot.start_time },
  });
  const repeat = await send('PATCH', path, { start_time: '2030-05-03T13:00:00+02:00' }, idempotent('move'));
  t.match(repeat, { status: 200, body: { start_time: eleven } }, 'the repeat of an earlier move answers as it did');
});

t.test('what a move has to look like', async (t) => {
  const { send, path, define, account, booking, userId, made } = await booked(t);
  const bad = async (body: object, status: number, code: string) =>
    t.match(await send('PATCH', path, body), { status, body: { code } }, JSON.stringify(body));
  await bad({}, 400, 'invalid_request');
  await bad({ start_time: '2030-05-03T11:00:01Z' }, 400, 'invalid_request');
  await bad({ start_time: eleven, slot_id: 'slot_1' }, 400, 'invalid_request');
  await bad({ slot_id: 'slot_1' }, 400, 'invalid_slot_id');
  await bad({ start_time: eleven, color: 'red' }, 400, 'invalid_request');
  await bad({ start_time: eleven, user_id: unknownUser }, 404, 'not_found');
  const long = await define({ duration_minutes: 60 });
  const [slot] = (await send('POST', `${account}/bookings`, booking({ event_type_id: long }))).body.alternatives;
  await bad({ slot_id: slot.slot_id }, 400, 'invalid_request');
  t.match(await send('PATCH', path, { start_time: eleven, user_id: userId }), { status: 200 });
  await send('DELETE', `${account}/event-types/${made.event_type_id}`);
  t.match(
    await send('PATCH', path, { start_time: '2030-05-03T12:00:00Z' }),
    { status: 200 },
    'also once the event type was retired',
  );
  await send('DELETE', `${account}/users/${userId}`);
  await bad({ start_time: '2030-05-03T13:00:00Z' }, 422, 'host_unavailable');
});

t.test('a booking is cancelled, and cancelled again', async (t) => {
  const { send, path, account, booking, clock } = await booked(t);
  t.match(await send('DELETE', path, { reason: 5 }), { status: 400 });
  t.match(await send('DELETE', `${path}?dry_run=true`, { reason: 'ill' }), {
    status: 200,
    body: { status: 'cancelled', cancellation_reason: 'ill' },
  });
  const first = await send('DELETE', path, { reason: 'ill' });
  t.match(first, {
    status: 200,
    headers: { etag: '"2"' },
    body: { status: 'cancelled', cancellation_reason: 'ill', attendee: { name: 'Mia' } },
  });
  t.same((await send('DELETE', path)).body, first.body);
  t.match(await send('POST', `${account}/bookings`, booking()), { status: 201 });
  t.match(await send('PATCH', path, { start_time: eleven }), { status: 409, body: { code: 'booking_closed' } });
  clock.set(now + 3 * 1440 * minute);
  t.same((await send('DELETE', path)).body, first.body, 'also after its end');
});

t.test('a booking that is over cannot be moved or cancelled', async (t) => {
  const { send, path, clock } = await booked(t);
  t.match(await send('POST', `${path}/no-show`), { status: 409, body: { code: 'booking_not_due' } });
  clock.set(Date.parse(friday9) + 30 * minute);
  t.match(await send('DELETE', path), { status: 409, body: { code: 'booking_closed' } });
  t.match(await send('PATCH', path, { start_time: eleven }), { status: 409, body: { code: 'booking_closed' } });
  for (const time of ['first', 'second']) {
    t.match(await send('POST', `${path}/no-show`), { status: 200, body: { status: 'no_show' } }, time);
  }
});

t.test('an erased attendee is shown as nobody', async (t) => {
  const { send, path, account, vault } = await booked(t);
  await vault.erase({ scope: account.split('/').at(-1)!, kind: 'attendee', id: 'mia@example.test' });
  t.match(await send('DELETE', path, { reason: 'erased' }), {
    status: 200,
    body: { attendee: null, status: 'cancelled', cancellation_reason: 'erased' },
  });
});

t.test('a booking that waits for its host', async (t) => {
  const { send, account, booking, define, clock } = await openShop(t);
  const event_type_id = await define({ requires_confirmation: true, confirm_within_minutes: 60 });
  const request = async (start_time: string) => {
    const made = await send('POST', `${account}/bookings`, booking({ event_type_id, start_time }));
    t.match(made, { status: 201, body: { status: 'pending', expires_at: '2030-05-02T11:00:00Z' } });
    return `${account}/bookings/${made.body.id}`;
  };
  const one = await request(friday9);
  t.match(await send('POST', `${account}/bookings`, booking()), { status: 409 }, 'it takes its time');
  for (const time of ['first', 'second']) {
    const confirmed = await send('POST', `${one}/confirm`);
    t.match(confirmed, { status: 200, body: { status: 'confirmed' } }, time);
    t.notOk('expires_at' in confirmed.body);
  }
  t.match(await send('POST', `${one}/decline`), { status: 409, body: { code: 'booking_closed' } });

  const two = await request(eleven);
  for (const body of [{ reason: 'full' }, undefined]) {
    t.match(await send('POST', `${two}/decline`, body), { status: 200, body: { status: 'declined' } });
  }
  t.match(await send('POST', `${account}/bookings`, booking({ start_time: eleven })), { status: 201 });

  const three = await request('2030-05-03T12:00:00Z');
  clock.set(now + 60 * minute);
  t.match(await send('POST', `${three}/confirm`), { status: 409, body: { code: 'booking_closed' } });
  t.match(
    await send('POST', `${account}/bookings`, booking({ start_time: '2030-05-03T12:00:00Z' })),
    { status: 201 },
    'it takes nothing any more',
  );
});

t.test('whatever changes a booking is refused where it has changed since it was read', async (t) => {
  const { send, account, booking, define, clock } = await openShop(t);
  const refused = { status: 412, body: { code: 'revision_conflict' } };
  const stale = { headers: { 'if-match': '"0"' } };
  const make = async (settings: object) => {
    const event_type_id = await define(settings);
    const made = await send('POST', `${account}/bookings`, booking({ event_type_id }));
    return { path: `${account}/bookings/${made.body.id}`, etag: String(made.headers.etag), seat: made.body.seat_id };
  };
  const asked = await make({ requires_confirmation: true });
  for (const step of ['confirm', 'decline'])
    t.match(await send('POST', `${asked.path}/${step}`, undefined, stale), refused);
  const fresh = { headers: { 'if-match': asked.etag } };
  t.match(await send('POST', `${asked.path}/decline`, undefined, fresh), { status: 200 });

  const shared = await make({ seats: 2 });
  t.match(await send('DELETE', `${shared.path}/seats/${shared.seat}`, undefined, stale), refused);
  clock.set(Date.parse(friday9) + 30 * minute);
  t.match(await send('POST', `${shared.path}/no-show`, undefined, stale), refused);
  t.match(await send('POST', `${shared.path}/no-show`, undefined, { headers: { 'if-match': shared.etag } }), {
    status: 200,
  });
});

t.test('confirmation by notice only', async (t) => {
  const { send, account, booking, define } = await openShop(t);
  const event_type_id = await define({ requires_confirmation: { below_notice_minutes: 1440 } });
  t.match(await send('POST', `${account}/bookings`, booking({ event_type_id })), { body: { status: 'pending' } });
  const far = booking({ event_type_id, start_time: '2030-05-06T09:00:00Z' });
  t.match(await send('POST', `${account}/bookings`, far), { body: { status: 'confirmed' } });
});

t.test('seats', async (t) => {
  const { send, account, booking, define, idempotent } = await openShop(t);
  const event_type_id = await define({ seats: 2 });
  const join = (name: string) =>
    send(
      'POST',
      `${account}/bookings`,
      booking({ event_type_id, attendee: { email: `${name}@x.test`, name } }),
      idempotent(name),
    );
  const one = await join('one');
  t.match(one, { status: 201, body: { seat_id: /^seat_/, seats_taken: 1, attendee: { name: 'one' } } });
  const two = await join('two');
  t.match(two, { status: 201, body: { id: one.body.id, seats_taken: 2, attendee: { name: 'two' } } });
  t.not(two.body.seat_id, one.body.seat_id);
  t.same((await join('two')).body, two.body);
  t.match(await join('three'), { status: 409, body: { code: 'slot_taken' } });

  const path = `${account}/bookings/${one.body.id}`;
  t.match(await send('DELETE', `${path}/seats/${one.body.seat_id}`), {
    status: 200,
    body: { status: 'confirmed', seats_taken: 1 },
  });
  t.match(await join('four'), { status: 201, body: { seats_taken: 2 } });
  t.match(await send('DELETE', `${path}/seats/seat_1`), { status: 404 });
  for (const seat of [two.body.seat_id, (await join('four')).body.seat_id])
    await send('DELETE', `${path}/seats/${seat}`);
  t.match(await send('DELETE', path), { status: 200, body: { status: 'cancelled' } });
});
