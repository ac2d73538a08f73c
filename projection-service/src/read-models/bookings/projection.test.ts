import t from 'tap';
import { folded } from '../../engine/scenario.ts';
import { bookingsProjection } from './projection.ts';

const given = folded(bookingsProjection);
const attendee = { email: 'Mia@Example.test', name: 'Mia' };
const judged_by = { event_type_revision: 0, duration_minutes: 30, buffer_before: 0, buffer_after: 10, timezone: 'UTC' };
const one = { booking_id: 'bkg_1', user_id: 'user_1' };
const nine = { start_time: '2026-11-24T09:00:00Z', end_time: '2026-11-24T09:30:00Z' };
const ten = { start_time: '2026-11-24T10:00:00Z', end_time: '2026-11-24T10:30:00Z' };
const details = {
  ...one,
  account_id: 'acct_1',
  event_type_id: 'evt_1',
  ...nine,
  attendee,
  metadata: { lead: '1' },
  judged_by,
};

const created = (more: object = {}) => ({ type: 'calendar.booking-created.v1', data: { ...details, ...more } });
const requested = { type: 'calendar.booking-requested.v1', data: { ...details, expires_at: '2026-11-23T00:00:00Z' } };
const on = (what: string, more: object = {}, occurred_at = '2026-01-02T00:00:00Z') => ({
  type: `calendar.${what}.v1`,
  data: { ...one, ...more },
  metadata: { occurred_at },
});

t.test('a booking, found by its attendee in whatever case', async (t) => {
  given(t, created()).becomes({
    bookings: [
      {
        id: 'bkg_1',
        account_id: 'acct_1',
        user_id: 'user_1',
        event_type_id: 'evt_1',
        start_time: Date.parse(nine.start_time),
        status: 'confirmed',
        attendee,
        attendee_email: 'mia@example.test',
        metadata: { lead: '1' },
        seat_id: null,
        expires_at: null,
      },
    ],
  });
});

t.test('an erased attendee leaves nothing behind', async (t) => {
  given(t, created({ attendee: null })).becomes({ bookings: [{ attendee: null, attendee_email: null }] });
});

t.test('a request waits until somebody decides', async (t) => {
  given(t, requested).becomes({ bookings: [{ status: 'pending', expires_at: Date.parse('2026-11-23T00:00:00Z') }] });
  given(t, requested, on('booking-confirmed')).becomes({ bookings: [{ status: 'confirmed', expires_at: null }] });
  given(t, requested, on('booking-declined', { cause: 'host' })).becomes({ bookings: [{ status: 'declined' }] });
});

t.test('a reschedule moves the same booking', async (t) => {
  const rows = given(t, created(), on('booking-rescheduled', { ...ten, judged_by })).rows.bookings!;
  t.match(rows, [{ start_time: Date.parse(ten.start_time), end_time: Date.parse(ten.end_time), status: 'confirmed' }]);
  t.match(rows, [{ created_at: Date.parse('2026-01-01T00:00:00Z'), updated_at: Date.parse('2026-01-02T00:00:00Z') }]);
  t.match(rows, [{ position: 1, revision: 1 }]);
});

t.test('who else attends is found by it, also after the hosts have changed', async (t) => {
  const several = created({ user_ids: ['user_2', 'user_1', 'user_3'], series_id: 'plan_1' });
  given(t, several).becomes({
    bookings: [{ user_id: 'user_2', user_ids: ['user_2', 'user_1', 'user_3'], series_id: 'plan_1' }],
    booking_hosts: [
      { booking_id: 'bkg_1', user_id: 'user_1' },
      { booking_id: 'bkg_1', user_id: 'user_3' },
    ],
  });
  given(t, several, on('booking-rescheduled', { ...ten, judged_by, user_ids: ['user_3', 'user_2'] })).becomes({
    bookings: [{ user_id: 'user_3', user_ids: ['user_3', 'user_2'] }],
    booking_hosts: [{ booking_id: 'bkg_1', user_id: 'user_2' }],
  });
  given(t, several, on('booking-rescheduled', { ...ten, judged_by, user_ids: ['user_4'] })).becomes({
    bookings: [{ user_id: 'user_4', user_ids: null }],
    booking_hosts: [],
  });
});

t.test('a cancellation keeps its reason', async (t) => {
  given(t, created(), on('booking-cancelled', { reason: 'ill' })).becomes({
    bookings: [{ status: 'cancelled', cancellation_reason: 'ill' }],
  });
});

t.test('what became of it afterwards', async (t) => {
  given(t, created(), on('booking-completed')).becomes({ bookings: [{ status: 'completed' }] });
  given(t, created(), on('booking-completed'), on('booking-no-show')).becomes({ bookings: [{ status: 'no_show' }] });
});

t.test('where it stands outside is said in parts', async (t) => {
  const meeting_url = 'https://meet.example.test/abc';
  const first = on('booking-linked', { calendar_event_id: 'external-1' });
  given(t, created()).becomes({ bookings: [{ calendar_event_id: null, meeting_url: null }] });
  given(t, created(), first, on('booking-linked', { meeting_url })).becomes({
    bookings: [{ calendar_event_id: 'external-1', meeting_url, status: 'confirmed', revision: 2 }],
  });
});

t.test('seats are counted, and whoever has one is found by it', async (t) => {
  const joined = on('attendee-joined', { seat_id: 'seat_2', attendee: { email: 'B@x.test', name: 'B' }, metadata: {} });
  const first = { booking_id: 'bkg_1', seat_id: 'seat_1' };
  const second = { booking_id: 'bkg_1', seat_id: 'seat_2', attendee_email: 'b@x.test' };
  given(t, created({ seat_id: 'seat_1' }), joined).becomes({
    bookings: [{ seat_id: 'seat_1', seats_taken: 2 }],
    booking_seats: [first, second],
  });
  for (const [left, stays] of [
    ['seat_1', second],
    ['seat_2', first],
  ] as const) {
    given(t, created({ seat_id: 'seat_1' }), joined, on('attendee-left', { seat_id: left })).becomes({
      bookings: [{ seats_taken: 1 }],
      booking_seats: [stays],
    });
  }
  given(t, created()).becomes({ booking_seats: [] });
});
