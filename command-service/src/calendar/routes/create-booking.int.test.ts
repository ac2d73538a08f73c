import { minute } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { friday9, now, openShop, unknownUser } from '../http.fixture.ts';

t.test('a booking is made', async (t) => {
  const { send, account, booking, userId, eventTypeId } = await openShop(t);
  const made = await send(
    'POST',
    `${account}/bookings`,
    booking({ metadata: { lead: '7' }, guests: [{ email: 'bo@example.test' }] }),
  );
  t.match(made, {
    status: 201,
    headers: { location: new RegExp(`^${account}/bookings/bkg_`), etag: '"1"', 'agentcal-position': /^\d+$/ },
  });
  t.match(made.body, {
    id: /^bkg_/,
    account_id: account.split('/').at(-1),
    user_id: userId,
    user_ids: [userId],
    event_type_id: eventTypeId,
    start_time: friday9,
    end_time: '2030-05-03T09:30:00Z',
    status: 'confirmed',
    attendee: { email: 'mia@example.test', name: 'Mia' },
    guests: [{ email: 'bo@example.test' }],
    metadata: { lead: '7' },
    calendar_event_id: null,
    cancellation_reason: null,
    livemode: false,
    created_at: '2030-05-02T10:00:00Z',
  });
  const offset = await send('POST', `${account}/bookings`, booking({ start_time: '2030-05-03T15:30:00+05:30' }));
  t.match(offset, { status: 201, body: { start_time: '2030-05-03T10:00:00Z' } });
});

t.test('the same key asks the same thing', async (t) => {
  const { send, account, booking, idempotent, clock, eventTypeId } = await openShop(t);
  const again = () => send('POST', `${account}/bookings`, booking(), idempotent('one'));
  const first = await again();
  t.same((await again()).body, first.body);
  const other = await send(
    'POST',
    `${account}/bookings`,
    booking({ start_time: '2030-05-03T11:00:00Z' }),
    idempotent('one'),
  );
  t.match(other, { status: 409, body: { code: 'idempotency_key_reused' } });

  await send('PATCH', `${account}/bookings/${first.body.id}`, { start_time: '2030-05-03T12:00:00Z' });
  await send('DELETE', `${account}/bookings/${first.body.id}`);
  await send('DELETE', `${account}/event-types/${eventTypeId}`);
  clock.set(now + 60 * minute);
  const later = await again();
  t.equal(later.status, 201);
  t.same(later.body, first.body, 'whatever has happened since');
  t.equal(later.headers.etag, first.headers.etag);
  t.match(await send('POST', `${account}/bookings`, booking(), idempotent('two')), { status: 404 });
});

t.test('a start that cannot be booked is refused with what could be instead', async (t) => {
  const { send, account, booking, define, userId } = await openShop(t);
  await send('POST', `${account}/bookings`, booking());
  const taken = await send(
    'POST',
    `${account}/bookings`,
    booking({ attendee: { email: 'a@b.test', name: 'A', timezone: 'Asia/Kolkata' } }),
  );
  t.match(taken, { status: 409, body: { code: 'slot_taken', next_action: 'Offer one of the alternatives.' } });
  t.match(taken.body.alternatives, [
    {
      start_time: '2030-05-03T09:30:00Z',
      end_time: '2030-05-03T10:00:00Z',
      local_start: '2030-05-03T15:00:00+05:30',
      weekday: 'Friday',
      user_ids: [userId],
      slot_id: /^slot_/,
    },
    { start_time: '2030-05-03T10:00:00Z' },
    { start_time: '2030-05-03T10:30:00Z' },
  ]);
  const [{ slot_id }] = taken.body.alternatives;
  const { start_time: _, ...rest } = booking();
  t.match(await send('POST', `${account}/bookings`, { ...rest, slot_id }), {
    status: 201,
    body: { start_time: '2030-05-03T09:30:00Z' },
  });

  const noticed = await define({ min_notice_hours: 48 });
  const windowed = await define({ booking_window: { type: 'calendar_days', days: 1 } });
  const limited = await define({ limits: [{ per: 'day', count: 1 }] });
  await send('POST', `${account}/bookings`, booking({ event_type_id: limited, start_time: '2030-05-06T09:00:00Z' }));
  const refused: [string, number, object][] = [
    ['outside_hours', 422, { start_time: '2030-05-03T08:30:00Z' }],
    ['outside_hours', 422, { start_time: '2030-05-04T09:00:00Z' }],
    ['off_grid', 422, { start_time: '2030-05-03T11:10:00Z' }],
    ['too_soon', 422, { start_time: '2030-05-02T09:00:00Z' }],
    ['too_soon', 422, { event_type_id: noticed, start_time: '2030-05-03T11:00:00Z' }],
    ['outside_window', 422, { event_type_id: windowed, start_time: '2030-05-06T11:00:00Z' }],
    ['limit_reached', 422, { event_type_id: limited, start_time: '2030-05-06T11:00:00Z' }],
    ['duration_not_offered', 422, { duration_minutes: 45 }],
  ];
  for (const [code, status, change] of refused) {
    const answer = await send('POST', `${account}/bookings`, booking(change));
    t.match(answer, { status, body: { code } }, code);
    if (code !== 'duration_not_offered') t.equal(answer.body.alternatives.length, 3, `${code} has alternatives`);
  }
});

t.test('what a request has to look like', async (t) => {
  const { send, account, booking } = await openShop(t);
  const faulty: [object, string][] = [
    [{ start_time: '2030-05-03T09:00:30Z' }, '/body/start_time'],
    [{ start_time: '2030-05-03T09:00:00' }, '/body/start_time'],
    [{ start_time: '2030-02-30T09:00:00Z' }, '/body/start_time'],
    [{ start_time: undefined }, '/body/start_time'],
    [{ slot_id: 'slot_1' }, '/body/start_time'],
    [{ event_type_id: undefined }, '/body/event_type_id'],
    [{ event_type_id: 'consultation' }, '/body/event_type_id'],
    [{ user_id: undefined }, '/body/user_id'],
    [{ attendee: { email: 'mia', name: 'Mia' } }, '/body/attendee/email'],
    [{ attendee: { email: 'mia@example.test' } }, '/body/attendee/name'],
    [{ attendee: { email: 'mia@example.test', name: ' ' } }, '/body/attendee/name'],
    [{ attendee: { email: 'mia@example.test', name: 'Mia', phone: 'call me' } }, '/body/attendee/phone'],
    [{ attendee: { email: 'mia@example.test', name: 'Mia', age: 5 } }, '/body/attendee/age'],
    [{ attendee: undefined }, '/body/attendee'],
    [{ guests: [{ name: 'Bo' }] }, '/body/guests/0/email'],
    [{ metadata: { a: 1 } }, '/body/metadata/a'],
    [{ duration_minutes: '30' }, '/body/duration_minutes'],
    [{ color: 'red' }, '/body/color'],
  ];
  for (const [change, pointer] of faulty) {
    const answer = await send('POST', `${account}/bookings`, booking(change));
    t.match(answer, { status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } }, JSON.stringify(change));
  }
  const zone = booking({ attendee: { email: 'mia@example.test', name: 'Mia', timezone: 'Mars/Olympus' } });
  t.match(await send('POST', `${account}/bookings`, zone), { status: 400, body: { code: 'invalid_time_zone' } });
  const { start_time: _, ...rest } = booking();
  t.match(await send('POST', `${account}/bookings`, { ...rest, slot_id: 'slot_1' }), {
    status: 400,
    body: { code: 'invalid_slot_id' },
  });
});

t.test('nothing crosses a tenant', async (t) => {
  const { send, call, register, account, booking, userId, eventTypeId, live, made } = await openShop(t);
  const stranger = await register();
  const other = `/v1/accounts/${await made('/v1/accounts', { name: 'Other' })}`;
  const absent = async (path: string, body: object, key?: string) =>
    t.match(await (key ? call('POST', path, { key, body }) : send('POST', path, body)), {
      status: 404,
      body: { code: 'not_found' },
    });
  await absent(`${account}/bookings`, booking(), stranger.test);
  await absent(`${account}/bookings`, booking(), live);
  await absent(`${other}/bookings`, booking());
  await absent('/v1/accounts/acct_0/bookings', booking());
  await absent(`${account}/bookings`, booking({ user_id: unknownUser }));
  await absent(
    `${account}/bookings`,
    booking({ event_type_id: eventTypeId.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }),
  );
  const otherUser = await made(`${other}/users`, { name: 'Ann', email: 'ann@acme.test', timezone: 'UTC' });
  await absent(`${account}/bookings`, booking({ user_id: otherUser }));

  const { body } = await send('POST', `${account}/bookings`, booking());
  for (const [path, key] of [
    [`${other}/bookings/${body.id}`, undefined],
    [`${account}/bookings/${body.id}`, stranger.test],
    [`${account}/bookings/${body.id.slice(0, -1)}`, undefined],
    [`${account}/bookings/nothing`, undefined],
  ] as const) {
    t.match(await send('DELETE', path, undefined, key ? { key } : {}), { status: 404 }, path);
    t.match(
      await send('PATCH', path, { start_time: '2030-05-03T11:00:00Z' }, key ? { key } : {}),
      { status: 404 },
      path,
    );
  }
  await send('DELETE', `${account}/users/${userId}`);
  await absent(`${account}/bookings`, booking({ start_time: '2030-05-03T13:00:00Z' }));
  t.match(
    await send('DELETE', `${account}/bookings/${body.id}`),
    { status: 200, body: { status: 'cancelled' } },
    'what was booked stays, and can be cancelled',
  );
  await send('DELETE', account);
  await absent(`${account}/bookings`, booking());
});

t.test('answers are held to the questions', async (t) => {
  const { send, account, booking, define } = await openShop(t);
  const questions = { type: 'object', required: ['topic'], properties: { topic: { type: 'string', maxLength: 20 } } };
  const event_type_id = await define({ questions });
  const ask = (answers?: object) => send('POST', `${account}/bookings`, booking({ event_type_id, answers }));
  t.match(await ask(), {
    status: 422,
    body: { code: 'invalid_answers', errors: [{ pointer: '/body/answers/topic' }] },
  });
  t.match(await ask({ topic: 5 }), { status: 422, body: { errors: [{ pointer: '/body/answers/topic' }] } });
  t.match(await ask({ topic: 'Roof', more: 1 }), {
    status: 422,
    body: { errors: [{ pointer: '/body/answers/more' }] },
  });
  t.match(await ask({ topic: 'Roof' }), { status: 201, body: { answers: { topic: 'Roof' } } });
  const unasked = await send('POST', `${account}/bookings`, booking({ answers: { topic: 'Roof' } }));
  t.match(unasked, { status: 422, body: { code: 'invalid_answers' } });
});

t.test('a dry run answers what would happen, and changes nothing', async (t) => {
  const { send, account, booking, store, idempotent } = await openShop(t);
  const before = await store.readAll({ after: 0n, maxCount: 1_000 });
  const path = `${account}/bookings?dry_run=true`;
  const dry = await send('POST', path, booking({ answers: {} }), idempotent('dry'));
  t.match(dry, {
    status: 200,
    headers: { 'agentcal-dry-run': 'true' },
    body: { status: 'confirmed', start_time: friday9 },
  });
  t.notOk(dry.headers['agentcal-position'] ?? dry.headers.etag ?? dry.headers.location);
  t.match(await send('POST', path, booking({ start_time: '2030-05-03T08:00:00Z' })), { status: 422 });
  t.equal((await store.readAll({ after: 0n, maxCount: 1_000 })).events.length, before.events.length);
  const made = await send('POST', `${account}/bookings`, booking({ answers: {} }), idempotent('dry'));
  t.match(made, { status: 201, body: { id: dry.body.id } });
  t.match(await send('POST', path, booking()), { status: 409 });
});

t.test('nobody is named in the log, neither in the events nor in what the service says', async (t) => {
  const { send, account, booking, store, lines } = await openShop(t);
  const secret = { email: 'mia.private@example.test', name: 'Mia Private', phone: '+49 170 1234567' };
  const body = booking({ attendee: secret, guests: [{ email: 'guest.private@example.test', name: 'Guest Private' }] });
  const { body: made } = await send('POST', `${account}/bookings`, body);
  await send('POST', `${account}/bookings`, body);
  await send('POST', `${account}/bookings`, { ...body, start_time: 'x' });
  await send('DELETE', `${account}/bookings/${made.id}`, { reason: 'Mia Private is ill' });
  const { events } = await store.readAll({ after: 0n, maxCount: 1_000 });
  t.match(events.at(-1), { type: 'calendar.booking-cancelled.v1' });
  const said = JSON.stringify(events.map(({ data, metadata }) => ({ data, metadata }))) + lines.join('\n');
  t.notMatch(said, /private|1234567/i);
});

t.test('a key without the scope may not', async (t) => {
  const { send, account, booking, issue } = await openShop(t);
  const key = await issue('bookings:read');
  t.match(await send('POST', `${account}/bookings`, booking(), { key }), { status: 403, body: { code: 'forbidden' } });
});
