import { minute } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { testService } from '../../testing.ts';
import { friday9, now, openShop } from '../http.fixture.ts';

async function shopWithHolds(t: Parameters<typeof openShop>[0]) {
  const shop = await openShop(t);
  const { attendee, ...slot } = shop.booking() as Record<string, unknown>;
  const hold = (change: object = {}, more = {}) =>
    shop.send('POST', `${shop.account}/holds`, { ...slot, ...change }, more);
  const book = (hold_id: string, change: object = {}, more = {}) =>
    shop.send('POST', `${shop.account}/bookings`, { hold_id, attendee, ...change }, more);
  return { ...shop, slot, hold, book };
}

t.test('a hold is placed, booked and gone', async (t) => {
  const { hold, book, send, account, booking, userId, eventTypeId, idempotent } = await shopWithHolds(t);
  const placed = await hold({}, idempotent('hold'));
  t.match(placed, { status: 201, headers: { 'agentcal-position': /^\d+$/, location: /\/holds\/hold_/ } });
  t.match(placed.body, {
    id: /^hold_/,
    user_id: userId,
    event_type_id: eventTypeId,
    start_time: friday9,
    status: 'held',
    expires_at: '2030-05-02T10:05:00Z',
  });
  t.same((await hold({}, idempotent('hold'))).body, placed.body);
  t.match(await send('POST', `${account}/bookings`, booking()), { status: 409, body: { code: 'slot_taken' } });

  const made = await book(placed.body.id, {}, idempotent('book'));
  t.match(made, { status: 201, body: { start_time: friday9, event_type_id: eventTypeId, status: 'confirmed' } });
  t.same((await book(placed.body.id, {}, idempotent('book'))).body, made.body);
  t.match(await book(placed.body.id), { status: 410, body: { code: 'hold_expired' } });
  t.match(await send('DELETE', `${account}/holds/${placed.body.id}`), { status: 200, body: { status: 'booked' } });
});

t.test('a hold ends by itself', async (t) => {
  const { hold, book, clock, send, account } = await shopWithHolds(t);
  const placed = await hold({ ttl_seconds: 60 });
  t.match(placed.body, { expires_at: '2030-05-02T10:01:00Z' });
  clock.set(now + minute - 1);
  t.match(await hold(), { status: 409 });
  clock.set(now + minute);
  t.match(await book(placed.body.id), { status: 410, body: { code: 'hold_expired' } });
  t.match(await hold(), { status: 201 });
  t.match(await send('DELETE', `${account}/holds/${placed.body.id}`), { status: 200, body: { status: 'expired' } });
});

t.test('a hold is released', async (t) => {
  const { hold, book, send, account, register } = await shopWithHolds(t);
  const { id } = (await hold()).body;
  t.match(await send('DELETE', `${account}/holds/${id}`, undefined, { key: (await register()).test }), { status: 404 });
  t.match(await send('DELETE', `${account}/holds/${id}?dry_run=true`), {
    status: 200,
    headers: { 'agentcal-dry-run': 'true' },
    body: { status: 'released' },
  });
  t.match(await hold(), { status: 409 }, 'that was not in earnest');
  for (const time of ['first', 'second']) {
    t.match(await send('DELETE', `${account}/holds/${id}`), { status: 200, body: { status: 'released' } }, time);
  }
  t.match(await book(id), { status: 410 });
  t.match(await hold(), { status: 201 });
  t.match(await send('DELETE', `${account}/holds/nothing`), { status: 404 });
});

t.test('what a hold has to look like', async (t) => {
  const { hold, book, define, userId, eventTypeId } = await shopWithHolds(t);
  for (const [change, pointer] of [
    [{ ttl_seconds: 29 }, '/body/ttl_seconds'],
    [{ ttl_seconds: 1801 }, '/body/ttl_seconds'],
    [{ start_time: undefined }, '/body/start_time'],
    [{ hold_id: 'hold_1' }, '/body/hold_id'],
    [{ attendee: {} }, '/body/attendee'],
  ] as const) {
    t.match(await hold(change), { status: 400, body: { errors: [{ pointer }] } }, pointer);
  }
  const { id } = (await hold()).body;
  t.match(await book(id, { user_id: userId, event_type_id: eventTypeId, start_time: friday9 }), { status: 400 });
  t.match(await book(id, { duration_minutes: 30 }), {
    status: 400,
    body: { errors: [{ pointer: '/body/duration_minutes' }] },
  });
  t.match(await book(id, { event_type_id: await define({}) }), { status: 404 });
  t.match(await book('hold_1'), { status: 404 });
  t.match(await book(id, { user_id: userId, event_type_id: eventTypeId }), { status: 201 });
});

t.test('one key does not hold a calendar hostage', async (t) => {
  const { hold, issue } = await shopWithHolds(t);
  const at = (index: number) => new Date(Date.parse(friday9) + index * 30 * minute).toISOString();
  for (let index = 0; index < 10; index += 1) t.equal((await hold({ start_time: at(index) })).status, 201);
  const more = { start_time: at(10) };
  t.match(await hold(more), { status: 429, body: { code: 'too_many_holds' }, headers: { 'retry-after': '300' } });
  t.match(await hold(more, { key: await issue('bookings:write') }), { status: 201 });
});

t.test('nor a whole business, calendar by calendar', async (t) => {
  const { hold, book, send, made, account, idempotent, issue, slot, clock, ...shop } = await shopWithHolds(t);
  const at = (index: number) => new Date(Date.parse(friday9) + index * 30 * minute).toISOString();
  const held: string[] = [];
  const users: string[] = [];
  for (let user = 0; user < 10; user += 1) {
    const person = { name: `Host ${user}`, email: `host${user}@acme.test`, timezone: 'UTC' };
    const user_id = await made(`${account}/users`, person);
    users.push(user_id);
    for (let index = 0; index < 10; index += 1) {
      const placed = await hold({ user_id, start_time: at(index) }, idempotent(`${user}-${index}`));
      t.equal(placed.status, 201);
      held.push(placed.body.id);
    }
  }
  t.match(await hold({}), { status: 429, body: { code: 'too_many_holds', detail: /account/ } });
  const { call } = await testService(t, { store: shop.store, vault: shop.vault });
  const elsewhere = await call('POST', `${account}/holds`, { key: shop.key, body: slot });
  t.match(elsewhere, { status: 429, body: { code: 'too_many_holds' } }, 'nor through another process, or a new one');
  t.match(await hold({}, { key: await issue('bookings:write') }), { status: 201 }, 'another key may');
  const repeat = held.length - 1;
  t.equal((await hold({ user_id: users[9], start_time: at(9) }, idempotent('9-9'))).body.id, held[repeat]);

  const reused = { user_id: users[8], start_time: at(9), ttl_seconds: 60 };
  t.match(await hold(reused, idempotent('8-9')), { status: 409, body: { code: 'idempotency_key_reused' } });
  t.match(await hold({}), { status: 429 }, 'that the key is refused gives its hold not back');

  const free = { start_time: at(1) };
  t.match(await send('DELETE', `${account}/holds/${held[0]}`), { status: 200 });
  t.match(await send('POST', `${account}/holds?dry_run=true`, { ...slot, ...free }), { status: 200 });
  const together = await Promise.all([hold({ start_time: at(3) }), hold({ start_time: at(4) })]);
  t.same(together.map(({ status }) => status).sort(), [201, 429], 'what is being placed counts already');
  const { id: other } = together.find(({ status }) => status === 201)!.body;
  t.match(await send('DELETE', `${account}/holds/${other}`), { status: 200 });
  t.match(await hold(free), { status: 201 }, 'one was released');
  t.match(await hold({ start_time: at(2) }), { status: 429 });
  t.match(await book(held[1]!), { status: 201 });
  t.match(await hold(free), { status: 409 }, 'what is refused does not count');
  t.match(await hold({ start_time: at(2) }), { status: 201 }, 'one was booked');
  t.match(await hold({ start_time: at(5) }), { status: 429, headers: { 'retry-after': '300' } });
  clock.set(now + 5 * minute);
  t.match(await hold({ start_time: at(5) }), { status: 201 }, 'all the others have expired');
});

t.test('a slot that was offered is held by its id, for as long as the offer lasts', async (t) => {
  const { hold, send, account, booking, clock, idempotent } = await shopWithHolds(t);
  await send('POST', `${account}/bookings`, booking());
  const [first, second] = (await hold()).body.alternatives;
  const bySlot = (slot_id: string, more = {}) => send('POST', `${account}/holds`, { slot_id }, more);
  const placed = await bySlot(first.slot_id, idempotent('slot'));
  t.match(placed, { status: 201, body: { start_time: first.start_time } });
  t.match(await hold({ start_time: undefined, slot_id: second.slot_id, duration_minutes: 45 }), {
    status: 400,
    body: { errors: [{ pointer: '/body/duration_minutes' }] },
  });
  clock.set(now + 16 * minute);
  t.match(await bySlot(second.slot_id), { status: 410, body: { code: 'slot_expired' } });
  t.same((await bySlot(first.slot_id, idempotent('slot'))).body, placed.body, 'its repeat is answered all the same');
});
