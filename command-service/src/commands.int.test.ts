import { createLocalBus } from '@agentcal/shared/bus/local';
import { day, minute } from '@agentcal/shared/kernel/time';
import t, { type Test } from 'tap';
import { friday9, now, openShop } from './calendar/http.fixture.ts';
import { type Cause, createCommandSender, type MachineCommand } from './commands.ts';
import { audited, openTeamShop, sound } from './scheduling/http.fixture.ts';

const end = Date.parse(friday9) + 30 * minute;
const meeting_url = 'https://meet.example.test/abc';

async function booked(t: Test, settings: object = {}) {
  const shop = await openShop(t);
  const { store, clock, account } = shop;
  const sender = createCommandSender({ store, clock, bus: createLocalBus() });
  t.teardown(() => sender.close());
  const event_type_id = await shop.define(settings);
  const { body } = await shop.send('POST', `${account}/bookings`, shop.booking({ event_type_id }));
  const events = async () => {
    const found = [];
    for await (const event of store.readStream(`calendar-${shop.userId}`)) found.push(event);
    return found;
  };
  const [first] = await events();
  const cause: Cause = {
    id: first!.id,
    organizationId: first!.metadata.organization_id,
    accountId: account.slice('/v1/accounts/'.length),
    livemode: false,
    actor: { kind: 'system', id: 'jobs' },
  };
  return { ...shop, sender, events, cause, bookingId: body.id as string, path: `${account}/bookings/${body.id}` };
}

t.test('a booking is completed at its end, and once', async (t) => {
  const { sender, cause, bookingId: booking_id, clock, events, send, path } = await booked(t);
  const complete: MachineCommand = { type: 'complete-booking', booking_id };
  await t.rejects(sender.send(complete, cause), { code: 'booking_not_due' });
  clock.set(end);
  t.same(await sender.send(complete, cause), { changed: true });
  t.same(await sender.send(complete, cause), { changed: true }, 'its repeat finds what it did');
  t.same(await sender.send(complete, { ...cause, id: 'another' }), { changed: false }, 'another finds it done');
  const [, , completed, ...more] = await events();
  t.same(more, []);
  t.match(completed, {
    type: 'calendar.booking-completed.v1',
    metadata: { actor: { kind: 'system', id: 'jobs' }, causation_id: cause.id, account_id: cause.accountId },
  });
  t.match(await send('POST', `${path}/no-show`), { status: 200, body: { status: 'no_show' } }, 'and may be corrected');
});

t.test('a booking that its calendar has forgotten is completed from what the log says, and once', async (t) => {
  const { sender, cause, bookingId: booking_id, clock, events, send, account, booking, path } = await booked(t);
  const complete: MachineCommand = { type: 'complete-booking', booking_id };
  await send('PATCH', path, { start_time: '2030-05-03T14:00:00Z' });
  const cancelled = (await send('POST', `${account}/bookings`, booking({ start_time: friday9 }))).body.id;
  await send('DELETE', `${account}/bookings/${cancelled}`);
  clock.set(end + 60 * day);
  // What happens in a calendar makes it forget what is long over.
  await send('POST', `${account}/bookings`, booking({ start_time: '2030-07-08T09:00:00Z' }));
  t.match(await send('DELETE', path), { status: 404 });
  t.same(await sender.send(complete, cause), { changed: true });
  await t.rejects(sender.send(complete, { ...cause, id: 'another' }), { code: 'not_found' });
  const all = await events();
  t.equal(all.filter(({ type }) => type === 'calendar.booking-completed.v1').length, 1);
  await t.rejects(sender.send({ ...complete, booking_id: cancelled }, { ...cause, id: 'second' }), {
    code: 'not_found',
  });
  const other = { ...cause, id: 'third', accountId: cause.accountId.replace(/.$/, 'x') };
  await t.rejects(sender.send(complete, other), { code: 'not_found' });
});

t.test('a request that nobody answered is declined', async (t) => {
  const settings = { requires_confirmation: true, confirm_within_minutes: 60 };
  const { sender, cause, bookingId: booking_id, clock, events } = await booked(t, settings);
  const expire: MachineCommand = { type: 'expire-request', booking_id };
  await t.rejects(sender.send(expire, cause), { code: 'booking_not_due' });
  clock.set(now + 60 * minute);
  await sender.send(expire, cause);
  t.match((await events()).at(-1), { type: 'calendar.booking-declined.v1', data: { cause: 'expired' } });
  clock.set(end);
  t.same(await sender.send({ type: 'complete-booking', booking_id }, cause), { changed: false });
});

t.test('so is one that its calendar has forgotten, and once', async (t) => {
  const shop = await booked(t, { requires_confirmation: true });
  const { sender, cause, bookingId: booking_id, clock, events, send, account, booking, path } = shop;
  await send('PATCH', path, { start_time: '2030-05-03T14:00:00Z' });
  const event_type_id = await shop.define({ requires_confirmation: true });
  const other = (await send('POST', `${account}/bookings`, booking({ event_type_id }))).body.id;
  await send('POST', `${account}/bookings/${other}/confirm`);
  clock.set(end + 60 * day);
  await send('POST', `${account}/bookings`, booking({ start_time: '2030-07-08T09:00:00Z' }));
  t.match(await send('POST', `${path}/decline`, {}), { status: 404 });
  const complete: MachineCommand = { type: 'complete-booking', booking_id };
  t.same(await sender.send(complete, cause), { changed: false }, 'what was never confirmed is not completed');
  const expire: MachineCommand = { type: 'expire-request', booking_id };
  t.same(await sender.send(expire, cause), { changed: true });
  t.match((await events()).at(-1), {
    type: 'calendar.booking-declined.v1',
    data: { booking_id, cause: 'expired' },
  });
  await t.rejects(sender.send(expire, { ...cause, id: 'another' }), { code: 'not_found' });
  const confirmed = { ...expire, booking_id: other };
  t.same(
    await sender.send(confirmed, { ...cause, id: 'other' }),
    { changed: false },
    'what was confirmed is not declined',
  );
});

t.test('where a booking stands outside is shown with it', async (t) => {
  const { sender, cause, bookingId: booking_id, send, path } = await booked(t);
  const actor = { kind: 'provider', id: 'conn_1' } as const;
  await sender.send(
    { type: 'link-booking', booking_id, calendar_event_id: 'external-1', meeting_url },
    { ...cause, actor },
  );
  const { body } = await send('PATCH', path, { start_time: '2030-05-03T10:00:00Z' });
  t.match(body, { calendar_event_id: 'external-1', meeting_url });
});

t.test('busy time of an external calendar is in the way of bookings', async (t) => {
  const { sender, cause, userId: user_id, send, account, booking } = await booked(t);
  const start_time = '2030-05-03T12:00:00Z';
  const busy = [{ start: Date.parse(start_time), end: Date.parse(start_time) + minute }];
  const window = { start: now, end: end + 600 * minute };
  await sender.send({ type: 'mirror-external-busy', user_id, source: 'conn_1:primary', window, busy }, cause);
  t.match(await send('POST', `${account}/bookings`, booking({ start_time })), {
    status: 409,
    body: { code: 'slot_taken' },
  });
});

t.test('a request of several hosts is confirmed where each of them is still free', async (t) => {
  const shop = await openTeamShop(t);
  const { store, clock, account, users, hosts, define, book, send, idempotent } = shop;
  const sender = createCommandSender({ store, clock, bus: createLocalBus() });
  t.teardown(() => sender.close());
  const asked = await book(await define({ assignment: 'collective', hosts, requires_confirmation: true }));
  const confirm = (more: object = {}, query = '') =>
    send('POST', `${asked.headers.location}/confirm${query}`, undefined, more);
  const cause = {
    ...{ organizationId: shop.organizationId, accountId: account.slice('/v1/accounts/'.length), livemode: false },
    actor: { kind: 'provider', id: 'conn_1' } as const,
  };
  const others = users.filter((id) => id !== asked.body.user_id);
  const mirror = (id: string, busy: { start: number; end: number }[]) => {
    const window = { start: now, end: end + day };
    const of = { user_id: others.at(-1)!, source: 'conn_1:primary', window, busy };
    return sender.send({ type: 'mirror-external-busy', ...of }, { ...cause, id });
  };
  await mirror('a', [{ start: end - minute, end }]);
  for (const query of ['', '?dry_run=true']) {
    t.match(await confirm({}, query), { status: 409, body: { code: 'slot_taken' } }, 'their own calendar says no');
  }
  await mirror('b', [{ start: end, end: end + minute }]);
  const confirmed = await confirm(idempotent('confirm'));
  t.match(confirmed, { status: 200, body: { status: 'confirmed' } });
  await mirror('c', [{ start: end - minute, end }]);
  t.match(await confirm(), { status: 200 }, 'what is confirmed stays so');
  t.same((await confirm(idempotent('confirm'))).body, confirmed.body);
});

t.test('a request of several hosts that expires gives back what it had of each', async (t) => {
  const shop = await openTeamShop(t);
  const { store, clock, account, users, hosts, define, book } = shop;
  const sender = createCommandSender({ store, clock, bus: createLocalBus() });
  t.teardown(() => sender.close());
  const event_type_id = await define({ assignment: 'collective', hosts, requires_confirmation: true });
  const { body: asked } = await book(event_type_id);
  const accountId = account.slice('/v1/accounts/'.length);
  const { organizationId } = shop;
  const cause: Cause = { id: 'a', organizationId, accountId, livemode: false, actor: { kind: 'system', id: 'jobs' } };
  clock.set(Date.parse(asked.expires_at));
  await sender.send({ type: 'expire-request', booking_id: asked.id }, cause);

  const own = `calendar-${asked.user_id}`;
  const declined = [];
  for await (const event of store.readStream(own)) if (/declined/.test(event.type)) declined.push(event);
  const [{ id: event_id, data }] = declined as unknown as [{ id: string; data: { released_parts: [] } }];
  t.equal(data.released_parts.length, users.length - 1);
  const release: MachineCommand = { type: 'release-parts', event_id, parts: data.released_parts };
  for (const _ of ['once', 'twice']) await sender.send(release, cause);
  t.match(await audited(store), { ...sound, bookings: 0 });
  t.same(await sender.send({ type: 'resume-plan', plan_id: 'nothing' }, cause), { changed: false });
});

t.test('nothing of another account is touched', async (t) => {
  const { sender, cause, bookingId: booking_id, clock } = await booked(t);
  clock.set(end);
  const accountId = cause.accountId.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const id of [booking_id, 'bkg_nonsense']) {
    const complete: MachineCommand = { type: 'complete-booking', booking_id: id };
    await t.rejects(sender.send(complete, { ...cause, accountId }), { code: 'not_found' });
  }
});
