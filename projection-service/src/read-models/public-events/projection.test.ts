import t from 'tap';
import { folded } from '../../engine/scenario.ts';
import { publicEventsProjection } from './projection.ts';

const given = folded(publicEventsProjection);
const one = { booking_id: 'bkg_1', user_id: 'user_1' };
const judged_by = { event_type_revision: 0, duration_minutes: 30, buffer_before: 0, buffer_after: 0, timezone: 'UTC' };
const created = {
  type: 'calendar.booking-created.v1',
  data: {
    ...one,
    account_id: 'acct_1',
    event_type_id: 'evt_1',
    start_time: '2026-11-24T09:00:00Z',
    end_time: '2026-11-24T09:30:00Z',
    attendee: { email: 'mia@example.test', name: 'Mia' },
    metadata: {},
    judged_by,
  },
};
const on = (what: string, more: object = {}) => ({ type: `calendar.${what}.v1`, data: { ...one, ...more } });

t.test('each event is told once, numbered', async (t) => {
  given(t, created, on('booking-completed')).becomes({
    public_events: [
      { sequence: 1, type: 'booking.created', data: { status: 'confirmed' } },
      { sequence: 2, type: 'booking.completed', data: { status: 'completed' } },
    ],
  });
});

t.test('that a booking was linked is told with what happens to it next', async (t) => {
  given(t, created, on('booking-linked', { calendar_event_id: 'external-1' }), on('booking-completed')).becomes({
    public_events: [
      { sequence: 1, type: 'booking.created', data: { calendar_event_id: null } },
      { sequence: 2, type: 'booking.completed', data: { calendar_event_id: 'external-1', meeting_url: null } },
    ],
  });
});
