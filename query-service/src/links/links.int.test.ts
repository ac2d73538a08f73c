import t from 'tap';
import { defineEventType, openShop, testProduct } from '../testing.ts';

t.test('what a link shows to an attendee', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  const shop = await openShop(organization, product.deps);
  // A Tuesday, nine o'clock in New York.
  const id = await shop.book('2026-12-01T14:00:00Z');
  const { cancel_url, reschedule_url } = (await organization.get(`${shop.account}/bookings/${id}`)).json();
  const visit = async (url: string, more = '') => {
    // Without a key that would be one; what has been appended so far is there.
    return organization.get(new URL(url).pathname + more, { key: '' });
  };
  const tuesday = '/availability?start_date=2026-12-01&end_date=2026-12-01';

  await t.test('what was agreed on, and nothing else', async (t) => {
    const answer = await visit(cancel_url);
    t.same(answer.json(), {
      status: 'confirmed',
      start_time: '2026-12-01T14:00:00Z',
      end_time: '2026-12-01T14:30:00Z',
      duration_minutes: 30,
      local_start: '2026-12-01T09:00:00-05:00',
      timezone: 'America/New_York',
      event_type: { name: 'Consultation', location: null },
      business: 'Acme',
      hosts: ['John'],
      meeting_url: null,
      can: ['cancel'],
    });
    t.equal(answer.headers['cache-control'], 'no-store');
    t.match((await visit(reschedule_url)).json(), { can: ['reschedule'] });
  });

  await t.test('where it can be moved: its own time is free for itself, that of others is not', async (t) => {
    await shop.book('2026-12-01T15:00:00Z', { email: 'bob@example.test' });
    const answer = await visit(reschedule_url, `${tuesday}&timezone=UTC&limit=3`);
    t.same(
      answer.json().data.map(({ start_time }: { start_time: string }) => start_time),
      ['2026-12-01T14:00:00Z', '2026-12-01T14:30:00Z', '2026-12-01T15:30:00Z'],
    );
    t.same(answer.json().data[0], {
      start_time: '2026-12-01T14:00:00Z',
      end_time: '2026-12-01T14:30:00Z',
      local_start: '2026-12-01T14:00:00+00:00',
      weekday: 'Tuesday',
    });
    t.equal((await visit(reschedule_url, `${tuesday}&timezone=Mars`)).statusCode, 400);
    t.equal((await visit(cancel_url, tuesday)).statusCode, 404, 'that link is for something else');
  });

  await t.test('nothing to whoever has no link of ours', async (t) => {
    const { pathname } = new URL(cancel_url);
    const twisted = pathname.slice(0, -1) + (pathname.endsWith('0') ? '1' : '0');
    for (const url of [twisted, `/v1/public/bookings/${id}`, '/v1/public/bookings/link_1']) {
      t.equal((await product.app.inject({ url })).json().code, 'not_found', url);
    }
  });

  await t.test('the same links in the list, while there is something to do with them', async (t) => {
    const list = async () => (await organization.get(`${shop.account}/bookings?limit=1`)).json().data[0];
    t.match(await list(), { id, cancel_url, reschedule_url });
    product.clock.at = Date.parse('2026-12-01T14:30:00Z');
    t.same(
      Object.keys(await list()).filter((name) => name.endsWith('_url')),
      ['meeting_url'],
    );
    t.match((await visit(cancel_url)).json(), { status: 410, code: 'link_expired' });
    t.match((await visit(reschedule_url, tuesday)).json(), { code: 'link_expired' });
  });

  await t.test('nothing more once it is cancelled', async (t) => {
    product.clock.at = Date.parse('2026-11-20T12:00:00Z');
    t.equal((await visit(cancel_url)).statusCode, 200);
    await shop.happened('booking-cancelled', id);
    t.match((await visit(cancel_url)).json(), { status: 410, code: 'link_expired' });
  });

  await t.test('that the host has been removed, and not who it was', async (t) => {
    const again = await shop.book('2026-12-03T14:00:00Z');
    const links = (await organization.get(`${shop.account}/bookings/${again}`)).json();
    await organization.append(`user-${shop.userId}`, ['user.removed.v1', { user_id: shop.userId }]);
    const answer = await visit(links.reschedule_url, tuesday);
    t.match(answer.json(), { status: 422, code: 'host_unavailable' });
    t.notMatch(answer.body, 'user_');
    t.match((await visit(links.cancel_url)).json(), { hosts: [null], can: ['cancel'] });
    const needed = await defineEventType(organization, shop.accountId, {
      assignment: 'collective',
      hosts: [{ user_id: shop.userId }],
    });
    const other = await shop.book('2026-12-03T15:00:00Z', { eventTypeId: needed });
    const { reschedule_url } = (await organization.get(`${shop.account}/bookings/${other}`)).json();
    t.match((await visit(reschedule_url, tuesday)).json(), { code: 'host_unavailable' }, 'who is needed, too');
  });
});
