import t from 'tap';
import { friday9 } from '../calendar/http.fixture.ts';
import { audited, openTeamShop, sound } from './http.fixture.ts';

const ten = '2030-05-03T10:00:00Z';

t.test('a booking of several hosts moves with all of them', async (t) => {
  const { book, team, users, send, idempotent, store } = await openTeamShop(t);
  const { location } = (await book(team)).headers;
  const moved = await send('PATCH', `${location}`, { start_time: ten }, idempotent('move'));
  t.match(moved, { status: 200, body: { user_ids: users, start_time: ten, status: 'confirmed' } });
  t.match(await book(team), { status: 201 }, 'the old time is free for everybody');
  t.match(await book(team, { start_time: ten }), { status: 409 }, 'the new one is not');
  t.same((await send('PATCH', `${location}`, { start_time: ten }, idempotent('move'))).body, moved.body);
  t.match(await send('PATCH', `${location}`, { start_time: friday9 }, idempotent('move')), {
    body: { code: 'idempotency_key_reused' },
  });
  t.match(await send('PATCH', `${location}`, { start_time: friday9 }), { status: 409, body: { code: 'slot_taken' } });
  t.match(await send('PATCH', `${location}`, { start_time: ten }), {
    status: 200,
    body: { updated_at: moved.body.updated_at },
  });
  await send('DELETE', `${location}`);
  t.match(await book(team, { start_time: ten }), { status: 201 });
  t.match(await audited(store), sound);
});

t.test('a closed booking says so before it is told what is free', async (t) => {
  const { book, team, send } = await openTeamShop(t);
  const { location } = (await book(team)).headers;
  await book(team, { start_time: ten });
  const stale = { headers: { 'if-match': '"7"' } };
  t.match(await send('PATCH', `${location}`, { start_time: ten }, stale), { status: 412 });
  await send('DELETE', `${location}`);
  t.match(await send('PATCH', `${location}`, { start_time: ten }), { status: 409, body: { code: 'booking_closed' } });
});

t.test('half an hour further on, its own time is not in its way', async (t) => {
  const { book, define, hosts, send } = await openTeamShop(t);
  const long = await define({ assignment: 'collective', hosts, duration_minutes: 60, starts: 'any' });
  const { location } = (await book(long)).headers;
  t.match(await send('PATCH', `${location}`, { start_time: '2030-05-03T09:30:00Z' }), { status: 200 });
});

t.test('round robin keeps its host where it can, and finds another one where it cannot', async (t) => {
  const { book, anyone, send, account, users, idempotent, booking } = await openTeamShop(t);
  const made = await book(anyone);
  const { location } = made.headers;
  const host = made.body.user_id;
  const stays = await send('PATCH', `${location}`, { start_time: ten }, idempotent('stay'));
  t.match(stays, { status: 200, body: { user_id: host } });
  t.match(await send('POST', `${account}/bookings`, booking({ user_id: host })), { status: 201 }, 'nine is free again');
  const changes = await send('PATCH', `${location}`, { start_time: friday9 }, idempotent('change'));
  t.match(changes, { status: 200, body: { start_time: friday9 } });
  const other = changes.body.user_id;
  t.not(other, host);
  t.same((await send('PATCH', `${location}`, { start_time: friday9 }, idempotent('change'))).body, changes.body);
  t.same((await send('PATCH', `${location}`, { start_time: ten }, idempotent('stay'))).body, stays.body);
  t.match(await send('POST', `${account}/bookings`, booking({ user_id: other })), { status: 409 });
  t.match(await send('POST', `${account}/bookings`, booking({ user_id: host, start_time: ten })), { status: 201 });

  const third = users.find((id) => id !== host && id !== other);
  const named = await send('PATCH', `${location}`, { start_time: ten, user_id: third });
  t.match(named, { status: 200, body: { user_id: third, user_ids: [third], id: made.body.id } });
  t.match(await send('PATCH', `${location}`, { start_time: friday9, user_id: other }), {
    status: 200,
    body: { user_id: other },
  });
  t.match(await send('DELETE', `${location}`), { status: 200 });
  t.match(await send('POST', `${account}/bookings`, booking({ user_id: other })), { status: 201 });
});

t.test('a booking comes back to the calendar that records it', async (t) => {
  const { send, account, booking, users, store } = await openTeamShop(t);
  const made = await send('POST', `${account}/bookings`, booking({ user_id: users[0] }));
  const { location } = made.headers;
  t.match(await send('PATCH', `${location}`, { start_time: friday9, user_id: users[1] }), {
    body: { user_ids: [users[1]] },
  });
  t.match(await send('POST', `${account}/bookings`, booking({ user_id: users[0] })), { status: 201 });
  t.match(await send('PATCH', `${location}`, { start_time: friday9, user_id: users[0] }), { status: 409 });
  const back = await send('PATCH', `${location}`, { start_time: ten, user_id: users[0] });
  t.match(back, { status: 200, body: { user_ids: [users[0]], start_time: ten } });
  t.match(await send('POST', `${account}/bookings`, booking({ user_id: users[0], start_time: ten })), { status: 409 });
  t.match(await send('PATCH', `${location}`, { start_time: '2030-05-03T11:00:00Z' }), { status: 200 });
  t.match(await audited(store), sound);
});

t.test('a move is refused as a booking would be, and tried for nothing', async (t) => {
  const { book, team, users, send, account, booking, store } = await openTeamShop(t);
  const made = await book(team);
  const { location } = made.headers;
  await send('POST', `${account}/bookings`, booking({ user_id: users[2], start_time: ten }));
  const count = async () => (await store.readAll({ after: 0n, maxCount: 10_000 })).events.length;
  const before = await count();
  const refused = await send('PATCH', `${location}`, { start_time: ten });
  t.match(refused, { status: 409, body: { code: 'slot_taken' } });
  const dry = await send('PATCH', `${location}?dry_run=true`, { slot_id: refused.body.alternatives[0].slot_id });
  t.match(dry, { status: 200, body: { user_ids: users, start_time: refused.body.alternatives[0].start_time } });
  t.match(await send('PATCH', `${location}`, { start_time: '2030-05-03T07:00:00Z' }), { status: 422 });
  t.match(
    await send('PATCH', `${location}`, { start_time: '2030-05-03T11:00:00Z' }, { headers: { 'if-match': '"99"' } }),
    { status: 412 },
  );
  t.equal(await count(), before);
  await send('DELETE', `${location}`);
  t.match(await send('PATCH', `${location}`, { start_time: '2030-05-03T11:00:00Z' }), {
    body: { code: 'booking_closed' },
  });
});

t.test('a request of several hosts is confirmed, moved and declined', async (t) => {
  const { book, define, hosts, send, store } = await openTeamShop(t);
  const asked = await define({ assignment: 'collective', hosts, requires_confirmation: true });
  const made = await book(asked);
  t.match(made, { status: 201, body: { status: 'pending' } });
  const { location } = made.headers;
  t.match(await send('PATCH', `${location}`, { start_time: ten }), { body: { status: 'pending', start_time: ten } });
  t.match(await send('POST', `${location}/confirm`), { status: 200, body: { status: 'confirmed' } });
  const second = await book(asked);
  t.match(await send('POST', `${second.headers.location}/decline`, {}), { body: { status: 'declined' } });
  t.match(await book(asked), { status: 201 }, 'everybody’s time is free again');
  t.match(await audited(store), sound);
});

t.test('a request of several hosts that nobody answered is in nobody’s way, before a job has said so', async (t) => {
  const { book, define, team, hosts, users, send, account, booking, clock, store } = await openTeamShop(t);
  const asked = await define({
    ...{ assignment: 'collective', hosts },
    ...{ requires_confirmation: true, confirm_within_minutes: 60 },
  });
  const wishes = {
    'of several': () => book(team),
    'of one who did not record it': () => send('POST', `${account}/bookings`, booking({ user_id: users[2] })),
    'a series': () => {
      const { attendee } = booking();
      const body = { attendee, event_type_id: team, starts: [friday9], on_conflict: 'all_or_nothing' };
      return send('POST', `${account}/series`, body);
    },
  };
  for (const [name, wish] of Object.entries(wishes)) {
    const { body } = await book(asked);
    t.match(body, { status: 'pending' });
    t.match(await wish(), { status: 409, body: { code: 'slot_taken' } }, name);
    clock.set(Date.parse(body.expires_at));
    const had = await wish();
    t.equal(had.status, 201, name);
    const [id] = [had.body.id, ...(had.body.bookings ?? []).map((one: { id: string }) => one.id)].reverse();
    await send('DELETE', `${account}/bookings/${id}`);
  }
  t.match(await audited(store), { ...sound, bookings: 0 });
});
