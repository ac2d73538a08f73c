import t from 'tap';
import { openShop } from '../http.fixture.ts';

t.test('what the event type lets hosts and attendees do', async (t) => {
  const { send, define, account, booking } = await openShop(t);
  const policies = {
    cancellation: { min_notice_minutes: 48 * 60 },
    rescheduling: { by: ['host'] },
  };
  const event_type_id = await define(policies);
  const made = await send('POST', `${account}/bookings`, booking({ event_type_id }));
  const path = `${account}/bookings/${made.body.id}`;

  const late = await send('DELETE', path, { on_behalf_of: 'attendee' });
  t.match(late, { status: 422, body: { code: 'too_late_to_change', next_action: /organization/ } });
  const start_time = '2030-05-03T10:00:00Z';
  t.match(await send('PATCH', path, { start_time, on_behalf_of: 'attendee' }), {
    status: 422,
    body: { code: 'change_not_allowed' },
  });
  t.match(await send('PATCH', `${path}?dry_run=true`, { start_time, on_behalf_of: 'attendee' }), { status: 422 });
  t.match(await send('PATCH', path, { start_time, on_behalf_of: 'host' }), { status: 200, body: { start_time } });
  t.match(await send('DELETE', path, { on_behalf_of: 'guest' }), { status: 400 });

  await t.test('follow the event type as it is now', async (t) => {
    const eventType = `${account}/event-types/${event_type_id}`;
    t.match(await send('PATCH', eventType, { cancellation: null, rescheduling: { by: [] } }), {
      status: 200,
      body: { rescheduling: { by: [] }, cancellation: undefined },
    });
    t.match(await send('PATCH', path, { start_time: '2030-05-03T11:00:00Z', on_behalf_of: 'host' }), { status: 422 });
    t.match(await send('PATCH', path, { start_time: '2030-05-03T11:00:00Z' }), { status: 200 }, 'the organization may');
    t.match(await send('DELETE', path, { on_behalf_of: 'attendee' }), { status: 200, body: { status: 'cancelled' } });
  });
});

t.test('a policy has its shape', async (t) => {
  const { send, account } = await openShop(t);
  for (const cancellation of [{ by: ['guest'] }, { min_notice_minutes: -1 }, { notice: 1 }, 'never']) {
    const body = { name: 'Other', duration_minutes: 30, cancellation };
    t.equal((await send('POST', `${account}/event-types`, body)).status, 400, JSON.stringify(cancellation));
  }
});
