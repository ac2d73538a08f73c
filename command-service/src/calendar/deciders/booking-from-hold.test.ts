import { minute, toIso } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as calendar from '../decider.ts';
import { at, book, booked, bookingId, friday, held, holdId, mirrored, opened, rules } from '../samples.ts';

const given = scenario(calendar);
const another = (change: Parameters<typeof book>[0] = {}) => book({ name: 'two', ...change });

t.test('creating a booking from a hold', async (t) => {
  const fromHold = (change: Parameters<typeof book>[0] = {}) => book({ time: { holdId: holdId() }, ...change });

  t.test('turns it into the booking, in one event', async (t) => {
    const state = given(t, opened, held())
      .when(fromHold())
      .then(booked({ hold_id: holdId() }));
    t.equal(state.openHolds.length, 0);
    given(t, opened, held(), booked({ hold_id: holdId() }))
      .when(fromHold())
      .thenNothing();
  });

  t.test('keeps what was judged when it was placed', async (t) => {
    const start = at('2026-05-01T13:00:00Z');
    const notice = rules({ terms: { min_notice_minutes: 60 } });
    const placed = { ...held({ start }), metadata: { occurred_at: toIso(friday) } };
    const later = friday + 4 * minute;
    given(t, opened, placed)
      .when(fromHold({ at: later, rules: notice }))
      .then(booked({ start, hold_id: holdId() }));
    given(t, opened)
      .when(book({ at: later, time: { start }, rules: notice }))
      .thenRefused('too_soon');
  });

  t.test('is refused once the hold is gone', async (t) => {
    given(t, opened, held())
      .when(fromHold({ at: friday + 5 * minute }))
      .thenRefused('hold_expired');
    given(t, opened, held(), booked({ hold_id: holdId() }))
      .when(fromHold({ name: 'two' }))
      .thenRefused('hold_expired');
    given(t, opened).when(fromHold()).thenRefused('not_found');
    given(t, opened, held())
      .when(fromHold({ accountId: 'acct_other' }))
      .thenRefused('not_found');
    given(t, opened, held())
      .when(fromHold({ rules: rules({ eventTypeId: 'evt_other' }) }))
      .thenRefused('not_found');
  });

  t.test('is refused where the host has become busy meanwhile', async (t) => {
    const busy = mirrored([['2026-05-04T09:00:00Z', '2026-05-04T09:15:00Z']]);
    given(t, opened, held(), busy).when(fromHold()).thenRefused('slot_taken');
  });

  t.test('blocks others until it expires, not an instant longer', async (t) => {
    given(t, opened, held())
      .when(another({ at: friday + 5 * minute - 1 }))
      .thenRefused('slot_taken');
    given(t, opened, held())
      .when(another({ at: friday + 5 * minute }))
      .then(booked({ booking_id: bookingId('two') }));
  });
});
