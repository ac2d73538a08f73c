import t from 'tap';
import { friday9 } from '../calendar/http.fixture.ts';
import { audited, openTeamShop, sound } from './http.fixture.ts';

t.test('a collective booking takes everybody’s time', async (t) => {
  const { book, team, users, send, booking, store } = await openTeamShop(t);
  const first = await book(team);
  t.match(first, { status: 201, body: { user_id: users[0], user_ids: users, start_time: friday9 } });
  for (const user_id of users) {
    const taken = await send('POST', first.headers.location!.toString().replace(/\/[^/]*$/, ''), booking({ user_id }));
    t.match(taken, { status: 409, body: { code: 'slot_taken' } }, 'each of them is busy then');
  }
  const again = await book(team);
  t.match(again, { status: 409, body: { code: 'slot_taken' } });
  t.equal(again.body.alternatives.length, 3);
  t.same(again.body.alternatives[0].user_ids.toSorted(), users.toSorted());
  const next = await book(team, {
    start_time: undefined,
    event_type_id: undefined,
    slot_id: again.body.alternatives[0].slot_id,
  });
  t.match(
    next,
    { status: 201, body: { start_time: again.body.alternatives[0].start_time } },
    'an alternative can be had',
  );
  t.match(await audited(store), sound);
});

t.test('cancelling it gives everybody’s time back', async (t) => {
  const { book, team, send, store } = await openTeamShop(t);
  const made = await book(team);
  t.match(await send('DELETE', `${made.headers.location}`), { status: 200, body: { status: 'cancelled' } });
  t.match(await book(team), { status: 201 });
  t.match(await audited(store), sound);
});

t.test('round robin gives each their turn, then nobody is left', async (t) => {
  const { book, anyone, users, store } = await openTeamShop(t);
  const hosts: string[] = [];
  for (const _ of users) hosts.push((await book(anyone)).body.user_id);
  t.same(hosts.toSorted(), users.toSorted());
  t.match(await book(anyone), { status: 409, body: { code: 'slot_taken' } });
  t.match(await audited(store), sound);
});

t.test('a repeat is answered the same, another payload is refused', async (t) => {
  const { book, team, anyone, idempotent } = await openTeamShop(t);
  for (const [name, type, start_time] of [
    ['team', team, friday9],
    ['anyone', anyone, '2030-05-03T11:00:00Z'],
  ] as const) {
    const first = await book(type, { start_time }, idempotent(name));
    t.equal(first.status, 201);
    t.same((await book(type, { start_time }, idempotent(name))).body, first.body);
    const other = await book(type, { start_time, metadata: { a: 'b' } }, idempotent(name));
    t.match(other, { status: 409, body: { code: 'idempotency_key_reused' } });
  }
});

t.test('a dry run says who it would be, and changes nothing', async (t) => {
  const { send, account, booking, team, users, store, book } = await openTeamShop(t);
  const before = (await store.readAll({ after: 0n, maxCount: 10_000 })).events.length;
  const dry = await send(
    'POST',
    `${account}/bookings?dry_run=true`,
    booking({ event_type_id: team, user_id: undefined }),
  );
  t.match(dry, { status: 200, body: { user_ids: users, status: 'confirmed' } });
  t.equal((await store.readAll({ after: 0n, maxCount: 10_000 })).events.length, before);
  await book(team);
  const again = await send(
    'POST',
    `${account}/bookings?dry_run=true`,
    booking({ event_type_id: team, user_id: undefined }),
  );
  t.match(again, { status: 409, body: { code: 'slot_taken' } });
});

t.test('a hold of everybody’s time becomes the booking', async (t) => {
  const { send, account, team, users, booking, store, book } = await openTeamShop(t);
  const held = await send('POST', `${account}/holds`, { event_type_id: team, start_time: friday9 });
  t.match(held, { status: 201, body: { user_ids: users, status: 'held' } });
  t.match(await book(team), { status: 409 });
  const { attendee } = booking();
  const made = await send('POST', `${account}/bookings`, { hold_id: held.body.id, attendee });
  t.match(made, { status: 201, body: { user_ids: users } });
  t.match(await send('POST', `${account}/bookings`, { hold_id: held.body.id, attendee }), { status: 410 });
  t.match(await audited(store), sound);
});

t.test('a key holds so much of one calendar, also with others', async (t) => {
  const { send, account, team, users, eventTypeId } = await openTeamShop(t);
  for (let n = 0; n < 10; n += 1) {
    const start_time = `2030-05-06T${String(9 + (n >> 1)).padStart(2, '0')}:${n % 2 === 0 ? '00' : '30'}:00Z`;
    await send('POST', `${account}/holds`, { user_id: users[1], event_type_id: eventTypeId, start_time });
  }
  const refused = await send('POST', `${account}/holds`, { event_type_id: team, start_time: friday9 });
  t.match(refused, { status: 429, body: { code: 'too_many_holds' }, headers: { 'retry-after': /^[0-9]+$/ } });
});

t.test('a hold of everybody’s time is given back everywhere', async (t) => {
  const { send, account, team, book } = await openTeamShop(t);
  const held = await send('POST', `${account}/holds`, { event_type_id: team, start_time: friday9 });
  t.match(await send('DELETE', `${account}/holds/${held.body.id}`), { status: 200, body: { status: 'released' } });
  t.match(await book(team), { status: 201 });
});

t.test('a named host leads, and has to be there', async (t) => {
  const { book, team, users, send, account, booking, define, hosts } = await openTeamShop(t);
  const led = await book(team, { user_id: users[1] });
  t.match(led, { status: 201, body: { user_id: users[1], user_ids: [users[1], users[0], users[2]] } });
  const two = await define({
    assignment: 'round_robin',
    hosts: hosts.map((host) => ({ ...host, group: 'any' })),
    groups: [{ name: 'any', take: 2 }],
  });
  const ten = '2030-05-03T10:00:00Z';
  await send('POST', `${account}/bookings`, booking({ user_id: users[2], start_time: ten }));
  const refused = await book(two, { user_id: users[2], start_time: ten });
  t.match(refused, { status: 409, body: { code: 'slot_taken' } });
  t.ok(refused.body.alternatives.every((slot: { user_ids: string[] }) => slot.user_ids.includes(users[2]!)));
  t.match(await book(two, { start_time: ten, user_id: users[1] }), {
    status: 201,
    body: { user_ids: [users[1], users[0]] },
  });
});

t.test('somebody fixed and one of two rooms: a room is taken, and leads nothing', async (t) => {
  const { book, define, hire, users, send, account, store } = await openTeamShop(t);
  const room = (name: string) => hire(name, { kind: 'resource', email: undefined });
  const rooms = [await room('Red'), await room('Blue')];
  const inRoom = (user_id: string) =>
    define({
      ...{ assignment: 'round_robin', groups: [{ name: 'rooms', take: 1 }] },
      hosts: [...rooms.map((id) => ({ user_id: id, group: 'rooms' })), { user_id, fixed: true }],
    });
  const taken: string[] = [];
  for (const user of users.slice(0, 2)) {
    const { status, body } = await book(await inRoom(user));
    t.match([status, body.user_id], [201, user]);
    taken.push(body.user_ids[1]);
  }
  t.same(taken.sort(), rooms.toSorted(), 'each has a room');
  t.match(await book(await inRoom(users[2]!)), { status: 409, body: { code: 'slot_taken' } });
  const types = await inRoom(users[2]!);
  await send('DELETE', `${account}/users/${users[2]}`);
  t.match(await book(types, { start_time: '2030-05-03T12:00:00Z' }), {
    status: 422,
    body: { code: 'host_unavailable' },
  });
  t.match(await audited(store), sound);
});
