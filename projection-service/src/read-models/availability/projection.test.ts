import { minute } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { folded } from '../../engine/scenario.ts';
import { never, noSeats, spanMs } from './pack.ts';
import { availabilityProjection } from './projection.ts';

const given = folded(availabilityProjection);

/** Ten minutes into the n-th hour of span 740. */
const span = 740;
const at = (minutes: number) => new Date(span * spanMs + minutes * minute).toISOString();
const time = (start: number, end: number) => ({ start_time: at(start), end_time: at(end) });

const judged_by = { event_type_revision: 0, duration_minutes: 30, buffer_before: 5, buffer_after: 10, timezone: 'UTC' };
const one = { booking_id: 'bkg_1', user_id: 'user_1' };
const whole = { account_id: 'acct_1', event_type_id: 'evt_1', judged_by };
const created = (more: object = {}) => ({
  type: 'calendar.booking-created.v1',
  data: { ...one, ...whole, ...time(60, 90), attendee: { kid: 'k', sealed: 's' }, metadata: {}, ...more },
});
const requested = { ...created({ expires_at: at(30) }), type: 'calendar.booking-requested.v1' };
const held = {
  type: 'calendar.slot-held.v1',
  data: { hold_id: 'hold_1', user_id: 'user_1', ...whole, ...time(60, 90), expires_at: at(10), holder: 'key_1' },
};
const on = (what: string, more: object = {}) => ({ type: `calendar.${what}.v1`, data: { ...one, ...more } });
const mirrored = (window: [number, number], ...busy: [number, number][]) => ({
  type: 'calendar.external-busy-mirrored.v1',
  data: {
    user_id: 'user_1',
    account_id: 'acct_1',
    source: 'conn_1/primary',
    window_start: at(window[0]),
    window_end: at(window[1]),
    busy: busy.map(([start, end]) => time(start, end)),
  },
});

const packed = (start: number, expiry?: number, seats = noSeats) => ({
  evt_1: [start, 30, 5, 10, expiry === undefined ? never : (span * spanMs) / minute + expiry, seats],
});

t.test('a booking takes its time with its buffers', async (t) => {
  given(t, created()).becomes({ calendar_spans: [{ user_id: 'user_1', span, claims: packed(60), busy: {} }] });
});

t.test('a hold ends by itself; released, it is gone at once', async (t) => {
  given(t, held).becomes({ calendar_spans: [{ claims: packed(60, 10, 1) }] });
  const released = { type: 'calendar.hold-released.v1', data: { hold_id: 'hold_1', user_id: 'user_1' } };
  given(t, held, released).becomes({ claims: [], calendar_spans: [] });
});

t.test('a hold that becomes a booking is one claim, not two', async (t) => {
  given(t, held, created({ hold_id: 'hold_1' })).becomes({
    claims: [{ id: 'bkg_1' }],
    calendar_spans: [{ claims: packed(60) }],
  });
});

t.test('a request blocks until it expires, and for good once confirmed', async (t) => {
  given(t, requested).becomes({ calendar_spans: [{ claims: packed(60, 30) }] });
  given(t, requested, on('booking-confirmed')).becomes({ calendar_spans: [{ claims: packed(60) }] });
  given(t, requested, on('booking-declined')).becomes({ claims: [], calendar_spans: [] });
});

t.test('a cancelled booking frees its time; a used one keeps it', async (t) => {
  given(t, created(), on('booking-cancelled')).becomes({ claims: [], calendar_spans: [] });
  given(t, created(), on('booking-completed'), on('booking-no-show')).becomes({
    calendar_spans: [{ claims: packed(60) }],
  });
});

t.test('a reschedule moves the claim, also into another span', async (t) => {
  const later = 28 * 24 * 60 + 120;
  given(t, created(), on('booking-rescheduled', { ...time(120, 150), judged_by })).becomes({
    calendar_spans: [{ claims: packed(120) }],
  });
  given(t, created(), on('booking-rescheduled', { ...time(later, later + 30), judged_by })).becomes({
    calendar_spans: [{ span: span + 1, claims: packed(120) }],
  });
});

t.test('a part of a plan takes time like a booking, and becomes one or is given back', async (t) => {
  const claimed = {
    type: 'calendar.part-claimed.v1',
    data: { ...one, ...whole, ...time(60, 90), part_id: 'part_1', plan_id: 'plan' },
  };
  const released = { type: 'calendar.part-released.v1', data: { part_id: 'part_1', user_id: 'user_1' } };
  given(t, claimed).becomes({ claims: [{ id: 'part_1' }], calendar_spans: [{ claims: packed(60) }] });
  given(t, claimed, released).becomes({ claims: [], calendar_spans: [] });
  given(t, held, { ...claimed, data: { ...claimed.data, hold_id: 'hold_1' } }).becomes({
    claims: [{ id: 'part_1' }],
    calendar_spans: [{ claims: packed(60) }],
  });
  given(t, claimed, created({ part_id: 'part_1', user_ids: ['user_1', 'user_2'] })).becomes({
    claims: [{ id: 'bkg_1' }],
    calendar_spans: [{ claims: packed(60) }],
  });
});

t.test('a booking that moves to another host takes no time here, until it comes back', async (t) => {
  const moved = (...user_ids: string[]) =>
    on('booking-rescheduled', { ...time(120, 150), judged_by, event_type_id: 'evt_1', plan_id: 'plan', user_ids });
  given(t, created(), moved('user_2')).becomes({ claims: [], calendar_spans: [] });
  given(t, created(), moved('user_2'), moved('user_1')).becomes({
    claims: [{ id: 'bkg_1' }],
    calendar_spans: [{ claims: packed(120) }],
  });
});

t.test('a claim that meets two spans is in both', async (t) => {
  given(t, created(time(2, 32))).becomes({
    calendar_spans: [
      { span: span - 1, claims: { evt_1: [28 * 24 * 60 + 2, 30, 5, 10, never, noSeats] } },
      { span, claims: packed(2) },
    ],
  });
});

t.test('claims of one event type are sorted, whatever order they came in', async (t) => {
  const second = created({ booking_id: 'bkg_2', ...time(0, 30) });
  given(t, created({ ...time(200, 230) }), second).becomes({
    calendar_spans: [{ span: span - 1 }, { span, claims: { evt_1: [...packed(0).evt_1, ...packed(200).evt_1] } }],
  });
});

t.test('seats are counted on the one claim', async (t) => {
  const joined = on('attendee-joined', { seat_id: 'seat_2', attendee: null, metadata: {} });
  given(t, created({ seat_id: 'seat_1' }), joined).becomes({ calendar_spans: [{ claims: packed(60, undefined, 2) }] });
  given(t, created({ seat_id: 'seat_1' }), joined, on('attendee-left', { seat_id: 'seat_2' })).becomes({
    calendar_spans: [{ claims: packed(60, undefined, 1) }],
  });
});

t.test('what a source says about a window replaces what it said about it, and only that', async (t) => {
  given(t, mirrored([0, 600], [60, 90], [300, 330]), mirrored([200, 600], [400, 410])).becomes({
    calendar_spans: [{ busy: { 'conn_1/primary': [60, 30, 400, 10] } }],
  });
  given(t, mirrored([0, 600], [60, 90]), mirrored([0, 600])).becomes({ calendar_spans: [] });
});

t.test('busy time is cut where a span ends', async (t) => {
  given(t, mirrored([-600, 600], [-30, 45])).becomes({
    calendar_spans: [
      { span: span - 1, busy: { 'conn_1/primary': [28 * 24 * 60 - 30, 30] } },
      { span, busy: { 'conn_1/primary': [0, 45] } },
    ],
  });
});
