import { day, minute } from '@agentcal/shared/kernel/time';
import { reachOf as neededOf } from '@agentcal/shared/scheduling/reach';
import t from 'tap';
import { folded } from '../../engine/scenario.ts';
import { eventTypesProjection } from './projection.ts';
import { reachOf } from './reach.ts';

const given = folded(eventTypesProjection);
const terms = { duration_minutes: 30, buffer_before: 5, buffer_after: 10, min_notice_minutes: 0 };
const settings = { name: 'Consultation', slug: 'consultation', terms, metadata: {} };
const defined = { type: 'eventtype.defined.v1', data: { event_type_id: 'evt_1', account_id: 'acct_1', settings } };
const changedTo = (more: object) => ({
  type: 'eventtype.changed.v1',
  data: { event_type_id: 'evt_1', settings: { ...settings, ...more } },
});

t.test('an event type with its settings whole', async (t) => {
  given(t, defined).becomes({ event_types: [{ id: 'evt_1', account_id: 'acct_1', settings }] });
  given(t, defined, changedTo({ name: 'Chat' })).becomes({
    event_types: [{ settings: { name: 'Chat' }, revision: 1 }],
  });
});

t.test('a retired one stays known to its bookings', async (t) => {
  given(t, defined).becomes({ event_types: [{ retired: false }] });
  given(t, defined, { type: 'eventtype.retired.v1', data: { event_type_id: 'evt_1' } }).becomes({
    event_types: [{ id: 'evt_1', settings, retired: true, revision: 1 }],
  });
});

t.test('a calendar has to be known as far as grids, buffers and the periods of limits reach', async (t) => {
  const reach = reachOf(terms);
  t.ok(reach.reach_before_ms >= 4 * day + 35 * minute);
  t.same(reach.reach_after_ms, 40 * minute);
  t.equal(reachOf({ ...terms, durations: [30, 90] }).reach_after_ms, 100 * minute);
  const yearly = reachOf({
    ...terms,
    limits: [
      { per: 'day' as const, count: 1 },
      { per: 'year' as const, count: 9 },
    ],
  });
  t.ok(yearly.reach_before_ms >= 366 * day && yearly.reach_after_ms >= 366 * day);
  t.equal(reach.reach_from_now, false);
  t.equal(reachOf({ ...terms, booking_window: { type: 'open_days', days: 5 } }).reach_from_now, true);
});

t.test('and never less far than the engine says that it looks', async (t) => {
  const now = 400 * day;
  const range = { from: 500 * day, to: 501 * day };
  for (const more of [
    {},
    { first_slot_of_day_only: true },
    { limits: [{ per: 'month' as const, count: 9 }], durations: [30, 240] },
    { limits: [{ per: 'week' as const, minutes: 90 }], first_slot_of_day_only: true },
  ]) {
    const { blocking, counted } = neededOf({ terms: { ...terms, ...more }, now }, range);
    const { reach_before_ms: before, reach_after_ms: after } = reachOf({ ...terms, ...more });
    t.ok(range.from - before <= Math.min(blocking.from, counted.from), JSON.stringify(more));
    t.ok(
      range.to + after >= Math.max(blocking.to, counted.to) - day,
      'both allow for more than a period lasts, this by a day less',
    );
  }
});
