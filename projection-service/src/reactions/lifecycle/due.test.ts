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
