import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openBookingLinks } from '@agentcal/shared/http/booking-links';
import { deriveCalendarItemId, deriveId } from '@agentcal/shared/kernel/ids';
import t, { type Test } from 'tap';
import { until } from '../../engine/testing.ts';
import { createSender } from './attempt.ts';
import { dispatchTerms } from './dispatcher/terms.ts';
import { created, organization_id, product, registered, rescheduled, secret } from './product.fixture.ts';

t.test('every event reaches its endpoint, signed, and in order per booking through failures', async (t) => {
  const { log, vault, answerWith, received, dispatch } = await product(t);
  await vault.putSecret('webhook:whk_1', secret);
  await log(
    'organization-org_1',
    registered('whk_1', dispatch, ['booking.created', 'booking.rescheduled', 'booking.cancelled']),
  );
  answerWith(500, 204);
  await log('calendar-1', created('bkg_1'), rescheduled('bkg_1'), created('bkg_2'));
  await until(() => received.filter(({ delivered }) => delivered).length === 3);
  const told = received.filter(({ delivered }) => delivered).map(({ event }) => event);
  const first = told.filter(({ subject }) => subject === 'bkg_1');
  t.match(first, [
    {
      specversion: '1.0',
      type: 'booking.created',
      subject: 'bkg_1',
      data: { status: 'confirmed', start_time: '2026-11-24T09:00:00Z' },
    },
    {
      type: 'booking.rescheduled',
      data: { start_time: '2026-11-24T10:00:00Z', attendee: { email: 'mia@example.test' } },
    },
  ]);
  t.same(told.map(({ sequence }) => sequence).sort(), ['1', '2', '3']);
  t.ok(
    received.every(({ verified }) => verified),
    'the public library verified each',
  );
});

t.test('an endpoint hears what happened while it was registered, and only what it asked for', async (t) => {
  const { log, vault, received, dispatch, statuses } = await product(t);
  await vault.putSecret('webhook:whk_1', secret);
  await log('calendar-1', created('bkg_before'));
  await log('organization-org_1', registered('whk_1', dispatch, ['booking.created']));
  await log('calendar-2', created('bkg_during'), rescheduled('bkg_during'));
  await until(() => received.length === 1);
  await log('organization-org_2', {
    type: 'organization.webhook-removed.v1',
    data: { organization_id, webhook_id: 'whk_1' },
  });
  const last = await log('calendar-3', created('bkg_after'));
  await last.reached();
  t.same(
    received.map(({ event }) => event.subject),
    ['bkg_during'],
  );
  t.same(await statuses(), ['delivered']);
});

t.test('each attempt is recorded', async (t) => {
  const { log, vault, answerWith, received, dispatch, attempts } = await product(t);
  await vault.putSecret('webhook:whk_1', secret);
  answerWith(503, 200);
  await log('organization-org_1', registered('whk_1', dispatch, ['booking.created']));
  await log('calendar-1', created('bkg_1'));
  await until(async () => (await attempts()).length === 2);
  t.match(await attempts(), [
    { attempt: 1, delivered: false, status_code: 503, detail: 'not now' },
    { attempt: 2, delivered: true, status_code: 200 },
  ]);
  t.equal(new Set(received.map(({ id }) => id)).size, 1, 'with the same id each time');
});

t.test('what is told of an open booking has the links for its attendee', async (t) => {
  const { log, vault, received, dispatch } = await product(t);
  await vault.putSecret('webhook:whk_1', secret);
  const id = deriveCalendarItemId('booking', deriveId('user', 'host'), 'one');
  await log('organization-org_1', registered('whk_1', dispatch, ['booking.created', 'booking.cancelled']));
  const cancelled = { type: 'calendar.booking-cancelled.v1', data: { booking_id: id, user_id: 'user_1' } };
  await log('calendar-1', created(id), cancelled);
  await until(() => received.length === 2);
  const [open, closed] = received.map(({ event }) => event.data as Record<string, string>);
  const { read } = await openBookingLinks(vault, () => '');
  const linkIn = (url: string) => read(url.slice('https://book.example.test/v1/public/bookings/'.length));
  t.same(linkIn(open!.cancel_url!), { bookingId: id, purpose: 'cancel' });
  t.same(linkIn(open!.reschedule_url!), { bookingId: id, purpose: 'reschedule' });
  t.same([closed!.cancel_url, closed!.reschedule_url], [undefined, undefined]);
});

t.test('an endpoint that does not answer delays no other one', async (t) => {
  // Nobody gives up on it while the test lasts.
  const patient = createSender({ policy: { allowLoopback: true }, timeoutMs: 120_000 });
  const { log, vault, received, dispatch, attempts } = await product(t, patient);
  const silent = await silentReceiver(t);
  for (const id of ['whk_1', 'whk_silent']) await vault.putSecret(`webhook:${id}`, secret);
  await log('organization-org_1', registered('whk_silent', silent.url, ['booking.created']));
  await log('organization-org_1', registered('whk_1', dispatch, ['booking.created']));
  const bookings = Array.from({ length: 40 }, (_, index) => `bkg_${index}`);
  await log('calendar-1', ...bookings.map(created));
  await until(async () => (await attempts()).length === bookings.length);
  t.same(new Set(received.map(({ event }) => event.subject)), new Set(bookings));
  t.equal(silent.asked(), dispatchTerms.atOnce, 'and it is asked no more than a few times at once');
});

async function silentReceiver(t: Test) {
  let asked = 0;
  const server = createServer(() => {
    asked += 1;
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked: () => asked };
}
