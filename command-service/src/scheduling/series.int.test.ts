import t from 'tap';
import { audited, openTeamShop, sound } from './http.fixture.ts';

/** A Friday and the ones after it, nine o'clock. */
const fridays = ['03', '10', '17', '24', '31'].map((day) => `2030-05-${day}T09:00:00Z`);

t.test('a series by a rule', async (t) => {
  const { send, account, userId, eventTypeId, booking, idempotent, store } = await openTeamShop(t);
  const { attendee } = booking();
  const series = {
    ...{ attendee, user_id: userId, event_type_id: eventTypeId, start_time: fridays[0] },
    recurrence: { rule: 'FREQ=WEEKLY;COUNT=3' },
    on_conflict: 'all_or_nothing',
  };
  const made = await send('POST', `${account}/series`, series, idempotent('series'));
  t.equal(made.status, 201);
  t.match(made.body.id, /^ser_/);
  t.same(
    made.body.bookings.map((one: { start_time: string }) => one.start_time),
    fridays.slice(0, 3),
  );
  for (const one of made.body.bookings) t.match(one, { series_id: made.body.id, user_id: userId, status: 'confirmed' });
  t.same((await send('POST', `${account}/series`, series, idempotent('series'))).body, made.body);
  t.match(await send('DELETE', `${account}/bookings/${made.body.bookings[1].id}`), { status: 200 }, 'each by itself');
  t.same((await send('POST', `${account}/series`, series, idempotent('series'))).body, made.body, 'as it was answered');
  const reused = await send('POST', `${account}/series`, { ...series, metadata: { a: 'b' } }, idempotent('series'));
  t.match(reused, { status: 409, body: { code: 'idempotency_key_reused' } });
  t.match(await audited(store), sound);
});

t.test('all or nothing, or as many as fit', async (t) => {
  const { send, account, userId, eventTypeId, booking, idempotent, store } = await openTeamShop(t);
  await send('POST', `${account}/bookings`, booking({ start_time: fridays[1] }));
  const { attendee } = booking();
  const series = { attendee, user_id: userId, event_type_id: eventTypeId, starts: fridays.slice(0, 3).toReversed() };
  const { bookings } = await audited(store);
  const nothing = await send('POST', `${account}/series`, { ...series, on_conflict: 'all_or_nothing' });
  t.match(nothing, { status: 409, body: { code: 'slot_taken', detail: /^2030-05-10T09:00:00Z: / } });
  t.equal((await audited(store)).bookings, bookings);

  const fitting = { ...series, on_conflict: 'as_many_as_fit' };
  const dry = await send('POST', `${account}/series?dry_run=true`, fitting);
  t.match(dry, {
    status: 200,
    body: { bookings: { length: 2 }, refused: [{ start_time: fridays[1], code: 'slot_taken' }] },
  });
  t.equal((await audited(store)).bookings, bookings);
  const some = await send('POST', `${account}/series`, fitting, idempotent('some'));
  t.match(some, { status: 201, body: { refused: [{ start_time: fridays[1], code: 'slot_taken' }] } });
  t.equal(some.body.bookings.length, 2);
  t.same((await send('POST', `${account}/series`, fitting, idempotent('some'))).body, some.body);
  t.match(await send('POST', `${account}/series`, fitting), { status: 409 }, 'where nothing fits, nothing is booked');
  t.match(await audited(store), sound);
});

t.test('the bookings of a series count in limits as if they came one by one', async (t) => {
  const { send, account, booking, define, userId } = await openTeamShop(t);
  const limited = await define({ limits: [{ per: 'month', count: 2 }] });
  const { attendee } = booking();
  const series = { attendee, user_id: userId, event_type_id: limited, starts: [...fridays, '2030-06-07T09:00:00Z'] };
  const made = await send('POST', `${account}/series`, { ...series, on_conflict: 'as_many_as_fit' });
  t.equal(made.body.bookings.length, 3);
  t.same(
    made.body.refused,
    fridays.slice(2).map((start_time) => ({ start_time, code: 'limit_reached' })),
  );
});

t.test('a series of several hosts, and one in which they take turns', async (t) => {
  const { send, account, booking, team, anyone, users, store } = await openTeamShop(t);
  const { attendee } = booking();
  await send('POST', `${account}/bookings`, booking({ user_id: users[1], start_time: fridays[0] }));
  const of = (event_type_id: string) => ({
    attendee,
    event_type_id,
    starts: fridays.slice(0, 3),
    on_conflict: 'as_many_as_fit',
  });
  const together = await send('POST', `${account}/series`, of(team));
  t.match(together.body.refused, [{ start_time: fridays[0], code: 'slot_taken' }]);
  for (const one of together.body.bookings) t.same(one.user_ids, users);
  const turns = await send('POST', `${account}/series`, of(anyone));
  t.match(turns.body.bookings, [{ start_time: fridays[0] }], 'only there two of them are free');
  t.match(await audited(store), sound);
});

t.test('a sequence is booked whole, or not at all', async (t) => {
  const { send, account, booking, team, eventTypeId, userId, users, store, idempotent } = await openTeamShop(t);
  const { attendee } = booking();
  const parts = [
    { event_type_id: eventTypeId, user_id: userId, start_time: fridays[0] },
    { event_type_id: team, start_time: '2030-05-03T10:00:00Z' },
    { event_type_id: eventTypeId, user_id: userId, start_time: '2030-05-03T10:30:00Z' },
  ];
  const made = await send('POST', `${account}/sequences`, { attendee, parts }, idempotent('sequence'));
  t.match(made, { status: 201, body: { id: /^seq_/ } });
  t.same(made.body.refused, []);
  t.same(
    made.body.bookings.map((one: { user_ids: string[] }) => one.user_ids),
    [[userId], users, [userId]],
  );
  t.same((await send('POST', `${account}/sequences`, { attendee, parts }, idempotent('sequence'))).body, made.body);
  const { bookings } = await audited(store);
  const overlapping = parts.map((part, n) => ({ ...part, start_time: `2030-05-06T1${n}:00:00Z` }));
  overlapping[2]!.start_time = '2030-05-06T10:00:00Z';
  t.match(await send('POST', `${account}/sequences`, { attendee, parts: overlapping }), {
    body: { code: 'slot_taken' },
  });
  t.match(await audited(store), { ...sound, bookings });
});

t.test('parts of a sequence are named by what was offered, and by their place where they are refused', async (t) => {
  const { send, account, booking, eventTypeId, userId } = await openTeamShop(t);
  const { attendee } = booking();
  await send('POST', `${account}/bookings`, booking());
  const [slot] = (await send('POST', `${account}/bookings`, booking())).body.alternatives;
  const { slot_id, start_time } = slot;
  const wrong = [{ slot_id }, { start_time: fridays[1] }];
  t.match(await send('POST', `${account}/sequences`, { attendee, parts: wrong }), {
    status: 400,
    body: { errors: [{ pointer: '/body/parts/1/event_type_id' }] },
  });
  const taken = [{ slot_id }, { event_type_id: eventTypeId, user_id: userId, start_time }];
  t.match(await send('POST', `${account}/sequences`, { attendee, parts: taken }), {
    status: 409,
    body: { code: 'slot_taken', errors: [{ pointer: '/body/parts/1' }] },
  });
  t.match(await send('POST', `${account}/sequences`, { attendee, parts: [{ slot_id }] }), { status: 201 });
});

t.test('hosts times meetings are bounded', async (t) => {
  const { send, account, booking, define, hire } = await openTeamShop(t);
  const { attendee } = booking();
  const hosts = await Promise.all(Array.from({ length: 21 }, async (_, n) => ({ user_id: await hire(`Host${n}`) })));
  const crowd = await define({ assignment: 'collective', hosts });
  const starts = Array.from({ length: 100 }, (_, n) =>
    new Date(Date.parse(fridays[0]!) + n * 86_400_000).toISOString(),
  );
  const series = { attendee, event_type_id: crowd, starts, on_conflict: 'as_many_as_fit' };
  t.match(await send('POST', `${account}/series`, series), { status: 422, body: { code: 'too_many_bookings' } });
});

t.test('what a series has to look like', async (t) => {
  const { send, account, booking, eventTypeId, userId, define } = await openTeamShop(t);
  const { attendee } = booking();
  const series = { attendee, user_id: userId, event_type_id: eventTypeId, on_conflict: 'as_many_as_fit' };
  const rule = { rule: 'FREQ=WEEKLY;COUNT=3' };
  for (const wrong of [
    {},
    { start_time: fridays[0] },
    { recurrence: rule },
    { starts: [] },
    { starts: [fridays[0], fridays[0]] },
    { starts: fridays, start_time: fridays[0] },
    { start_time: fridays[0], recurrence: { rule: 'FREQ=WEEKLY' } },
    { start_time: fridays[0], recurrence: { ...rule, timezone: 'Mars/Olympus' } },
    { starts: fridays, on_conflict: undefined },
    { starts: fridays, event_type_id: await define({ seats: 3 }) },
  ]) {
    t.match(await send('POST', `${account}/series`, { ...series, ...wrong }), { status: 400 }, JSON.stringify(wrong));
  }
});
