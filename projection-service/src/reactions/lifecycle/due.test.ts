import t from 'tap';
import { dueAfter, type TimedEvent } from './due.ts';

const judged_by = { event_type_revision: 0, duration_minutes: 30, buffer_before: 0, buffer_after: 0, timezone: 'UTC' };
const times = { start_time: '2030-05-03T09:00:00Z', end_time: '2030-05-03T09:30:00Z' };
const end = Date.parse(times.end_time);
const expires_at = '2030-05-02T12:00:00Z';

const on = (what: string, more: object = {}) =>
  ({
    type: `calendar.${what}.v1`,
    data: { booking_id: 'bkg_1', user_id: 'user_1', ...times, judged_by, ...more },
  }) as unknown as TimedEvent;
const completed = { at: end, command: { type: 'complete-booking', booking_id: 'bkg_1' } };
const expired = { at: Date.parse(expires_at), command: { type: 'expire-request', booking_id: 'bkg_1' } };

t.test('a booking is completed at its end, also where it was moved there', async (t) => {
  t.same(dueAfter(on('booking-created')), [completed]);
  t.same(dueAfter(on('booking-rescheduled')), [completed]);
});

t.test('a request expires, or has been confirmed by then and ends', async (t) => {
  t.same(dueAfter(on('booking-requested', { expires_at })), [expired, completed]);
  t.same(dueAfter(on('booking-rescheduled', { expires_at })), [expired, completed]);
});

t.test('what is no longer needed of others is given back at once', async (t) => {
  const parts = [{ user_id: 'user_2', part_id: 'part_1' }];
  const occurred_at = '2030-05-01T00:00:00Z';
  for (const what of ['booking-cancelled', 'booking-declined', 'hold-released']) {
    const event = { ...on(what, { released_parts: parts }), id: 'event-1', metadata: { occurred_at } };
    const command = { type: 'release-parts', event_id: 'event-1', parts };
    t.same(dueAfter(event as never), [{ at: Date.parse(occurred_at), command }], what);
    t.same(dueAfter({ ...event, ...on(what) } as never), [], `${what} of one calendar alone`);
  }
});

t.test('a plan is looked after when it has been alone for a while', async (t) => {
  const planned = { type: 'scheduling.planned.v1', data: { plan_id: 'plan' }, metadata: { occurred_at: expires_at } };
  const at = Date.parse(expires_at) + 12_000;
  t.same(dueAfter(planned as never), [{ at, command: { type: 'resume-plan', plan_id: 'plan' } }]);
});
