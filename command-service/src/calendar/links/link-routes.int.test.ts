import { hour, minute } from '@agentcal/shared/kernel/time';
import t, { type Test } from 'tap';
import { openTeamShop } from '../../scheduling/http.fixture.ts';
import { publicUrl } from '../../testing.ts';
import { friday9, now, openShop } from '../http.fixture.ts';

const ten = '2030-05-03T10:00:00Z';

/** A booking whose attendee was sent its links. */
async function invited(t: Test, settings: object = {}, change: object = {}) {
  const shop = await openShop(t);
  const event_type_id = await shop.define({ location: 'Room 1', ...settings });
  const attendee = { email: 'mia@example.test', name: 'Mia', timezone: 'Europe/Berlin', phone: '+49 30 1' };
  const body = shop.booking({ event_type_id, attendee, metadata: { crm: 'secret-7' }, ...change });
  const made = await shop.send('POST', `${shop.account}/bookings`, body);
  const visit = visitor(shop);
  const { cancel_url, reschedule_url, id } = made.body;
  return { ...shop, visit, made: made.body, path: `${shop.account}/bookings/${id}`, cancel_url, reschedule_url };
}

/** As a browser without a key. */
function visitor({ call }: Pick<Awaited<ReturnType<typeof openShop>>, 'call'>) {
  return (url: string, what: string, body: object | null = {}, headers: Record<string, string> = {}) =>
    call('POST', `${url.slice(publicUrl.length)}/${what}`, { key: '', body: body ?? undefined, headers });
}

t.test('an attendee moves and cancels without a key', async (t) => {
  const { visit, cancel_url, reschedule_url, events, made, lines } = await withEvents(t);
  const moved = await visit(reschedule_url, 'reschedule', { start_time: ten, reason: 'a train' });
  t.match(moved, {
    status: 200,
    body: { status: 'confirmed', start_time: ten, local_start: '2030-05-03T12:00:00+02:00', can: ['reschedule'] },
  });
  const back = await visit(reschedule_url, 'reschedule', { start_time: friday9 });
  t.equal(back.status, 200, 'the link stays good for the new time');
  const cancelled = await visit(cancel_url, 'cancel', { reason: 'ill' });
  t.match(cancelled, { status: 200, body: { status: 'cancelled', can: [] } });
  t.same(await visit(cancel_url, 'cancel', null).then(({ body }) => body), cancelled.body, 'twice answers the same');
  t.match(await visit(reschedule_url, 'reschedule', { start_time: ten }), {
    status: 410,
    body: { code: 'link_expired' },
  });

  const last = (await events()).at(-1);
  t.match(last, {
    type: 'calendar.booking-cancelled.v1',
    data: { by: 'attendee' },
    metadata: { actor: { kind: 'attendee', id: made.id } },
  });
  t.notMatch(lines.join(''), /link_[0-9a-z]{20}/, 'nothing that could be used is in the log');
});

t.test('shows what is the attendee’s business, and nothing else', async (t) => {
  const { visit, reschedule_url } = await invited(t);
  const { body } = await visit(reschedule_url, 'reschedule', { start_time: ten });
  t.same(body, {
    status: 'confirmed',
    start_time: ten,
    end_time: '2030-05-03T10:30:00Z',
    duration_minutes: 30,
    local_start: '2030-05-03T12:00:00+02:00',
    timezone: 'Europe/Berlin',
    event_type: { name: 'Other', location: 'Room 1' },
    business: 'Acme',
    hosts: ['John'],
    meeting_url: null,
    can: ['reschedule'],
  });
  const taken = await visit(reschedule_url, 'reschedule', { start_time: '2030-05-04T10:00:00Z' });
  t.match(taken, { status: 422, body: { code: 'outside_hours' } });
  t.same(Object.keys(taken.body.alternatives[0]).sort(), ['end_time', 'local_start', 'start_time', 'weekday']);
});

t.test('nor of anybody whom the business would send instead', async (t) => {
  const shop = await openTeamShop(t);
  const { body: made } = await shop.book(shop.anyone);
  const taken = await visitor(shop)(made.reschedule_url, 'reschedule', { start_time: '2030-05-04T10:00:00Z' });
  t.match(taken, { status: 422 });
  t.same(Object.keys(taken.body.alternatives[0]).sort(), ['end_time', 'local_start', 'start_time', 'weekday']);
  t.notMatch(JSON.stringify(taken.body), new RegExp(shop.users.join('|')));
});

t.test('tells what would come of it', async (t) => {
  const { visit, cancel_url, reschedule_url } = await invited(t);
  const asked = await visit(`${reschedule_url}`, 'reschedule?dry_run=true', { start_time: ten, reason: 'maybe' });
  t.match(asked, { status: 200, headers: { 'agentcal-dry-run': 'true' }, body: { start_time: ten } });
  t.match(await visit(cancel_url, 'cancel?dry_run=true'), { status: 200, body: { status: 'cancelled', can: [] } });
  t.match(await visit(cancel_url, 'cancel?dry_run=true'), { body: { start_time: friday9, status: 'cancelled' } });
});

t.test('a link is for one booking and one thing', async (t) => {
  const { visit, cancel_url, reschedule_url, send, account, booking, path } = await invited(t);
  const other = (await send('POST', `${account}/bookings`, booking({ start_time: '2030-05-03T14:00:00Z' }))).body;
  const refused = async (url: string, what: string, body: object = {}) =>
    t.match(await visit(url, what, body), { status: 404, body: { code: 'not_found' } }, `${what} ${url.slice(-20)}`);
  await refused(cancel_url, 'reschedule', { start_time: ten });
  await refused(reschedule_url, 'cancel');
  await refused(cancel_url.slice(0, -1) + (cancel_url.endsWith('0') ? '1' : '0'), 'cancel');
  // The name of one booking under the signature of another.
  await refused(other.cancel_url.slice(0, -29) + cancel_url.slice(-29), 'cancel');
  await refused(`${publicUrl}/v1/public/bookings/${other.id}`, 'cancel');
  t.match(await send('PATCH', `${account}/bookings/${other.id}`, { reason: 'x', start_time: other.start_time }), {
    body: { status: 'confirmed' },
  });
  t.match(await send('PATCH', path, { start_time: friday9 }), { status: 200, body: { status: 'confirmed' } });
});

t.test('is dead once the booking is over, gone or its account is', async (t) => {
  const { visit, cancel_url, reschedule_url, clock, send, account } = await invited(t);
  const dead = async (what: 'cancel' | 'reschedule', url: string, body: object = {}) =>
    t.match(await visit(url, what, body), { status: 410, body: { code: 'link_expired' } });
  const start_time = '2030-05-06T10:00:00Z';
  clock.set(Date.parse(friday9) + 30 * minute);
  await dead('cancel', cancel_url);
  await dead('reschedule', reschedule_url, { start_time });
  clock.set(now);
  await send('DELETE', account);
  await dead('cancel', cancel_url);
});

t.test('is held to what the event type lets attendees do', async (t) => {
  const policies = { cancellation: { min_notice_minutes: 22 * 60 }, rescheduling: { by: ['host'] } };
  const { visit, cancel_url, reschedule_url, clock } = await invited(t, policies);
  t.match(await visit(reschedule_url, 'reschedule', { start_time: ten }), {
    status: 422,
    body: { code: 'change_not_allowed' },
  });
  clock.set(now + 2 * hour);
  t.match(await visit(cancel_url, 'cancel'), { status: 422, body: { code: 'too_late_to_change' } });
});

t.test('of a booking with seats it gives back the seat, and moves nobody', async (t) => {
  const { visit, made, cancel_url, send, account, booking } = await invited(t, { seats: 3 });
  const other = { email: 'eve@example.test', name: 'Eve' };
  const again = booking({ event_type_id: made.event_type_id, attendee: other });
  const joined = (await send('POST', `${account}/bookings`, again)).body;
  t.equal(joined.id, made.id);
  t.not(joined.cancel_url, cancel_url);
  t.same([made.reschedule_url, joined.reschedule_url], [undefined, undefined]);
  t.match(await visit(joined.cancel_url, 'cancel'), { status: 200, body: { status: 'confirmed', can: [] } });
  t.match(await visit(joined.cancel_url, 'cancel'), { status: 200, body: { status: 'confirmed' } }, 'twice is once');
  t.match(await visit(cancel_url, 'cancel'), { status: 200, body: { status: 'cancelled' } }, 'with the last seat');
});

t.test('times are told in the zone of whoever leads, where the attendee has named none', async (t) => {
  const attendee = { email: 'mia@example.test', name: 'Mia' };
  const { visit, reschedule_url, send, made, account, path } = await invited(t, {}, { attendee });
  t.match(await visit(reschedule_url, 'reschedule', { start_time: ten }), { body: { timezone: 'UTC' } });
  const eve = { name: 'Eve', email: 'eve@acme.test', timezone: 'Europe/Berlin' };
  const user_id = (await send('POST', `${account}/users`, eve)).body.id;
  const moved = await send('PATCH', path, { start_time: friday9, user_id });
  t.match(moved, { status: 200, body: { id: made.id, user_id } });
  t.match(await visit(reschedule_url, 'reschedule', { start_time: ten }), {
    body: { timezone: 'Europe/Berlin', local_start: '2030-05-03T12:00:00+02:00', hosts: ['Eve'] },
  });
});

t.test('a retry of a visitor is known by their key, which means nothing elsewhere', async (t) => {
  const { visit, reschedule_url, send, account, idempotent, booking } = await invited(t);
  const key = { 'idempotency-key': 'once' };
  const moved = await visit(reschedule_url, 'reschedule', { start_time: ten }, key);
  await visit(reschedule_url, 'reschedule', { start_time: friday9 });
  t.same((await visit(reschedule_url, 'reschedule', { start_time: ten }, key)).body, moved.body);
  const other = booking({ start_time: '2030-05-03T15:00:00Z' });
  t.equal((await send('POST', `${account}/bookings`, other, idempotent('once'))).status, 201);
});

t.test('nor to somebody else who has a seat of the same booking', async (t) => {
  const { visit, made, cancel_url, send, account, booking } = await invited(t, { seats: 3 });
  const again = booking({ event_type_id: made.event_type_id, attendee: { email: 'eve@example.test', name: 'Eve' } });
  const joined = (await send('POST', `${account}/bookings`, again)).body;
  const key = { 'idempotency-key': 'cancel' };
  t.match(await visit(joined.cancel_url, 'cancel', {}, key), { status: 200, body: { status: 'confirmed' } });
  t.match(await visit(cancel_url, 'cancel', {}, key), { status: 200, body: { status: 'cancelled' } });
});

t.test('links are told while there is something to do with them', async (t) => {
  const { send, path, account, booking } = await invited(t);
  const dry = await send('POST', `${account}/bookings?dry_run=true`, booking({ start_time: '2030-05-03T16:00:00Z' }));
  t.same([dry.body.cancel_url, dry.body.reschedule_url], [undefined, undefined]);
  const cancelled = await send('DELETE', path);
  t.same([cancelled.body.cancel_url, cancelled.body.reschedule_url], [undefined, undefined]);
});

async function withEvents(t: Test) {
  const shop = await invited(t);
  const events = async () => {
    const found = [];
    for await (const event of shop.store.readStream(`calendar-${shop.userId}`)) found.push(event);
    return found;
  };
  return { ...shop, events };
}
