import { day, minute, toIso } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as calendar from '../decider.ts';
import {
  ask,
  book,
  booked,
  bookingId,
  eleven,
  friday,
  held,
  hold,
  holdId,
  joined,
  opened,
  requested,
  reschedule,
  rescheduled,
  rules,
  seatId,
  ten,
} from '../samples.ts';

const given = scenario(calendar);
const another = (change: Parameters<typeof book>[0] = {}) => book({ name: 'two', ...change });

t.test('seats', async (t) => {
  const two = rules({ terms: { seats: 2 } });
  const first = booked({ seat_id: seatId('one') });
  const third = book({ name: 'three', rules: two });

  t.test('the first attendee makes the booking, others join it', async (t) => {
    given(t)
      .when(book({ rules: two }))
      .then(opened, first);
    given(t, opened, first)
      .when(another({ rules: two }))
      .then(joined('two'));
    given(t, opened, first, joined('two'))
      .when(another({ rules: two }))
      .thenNothing();
    given(t, opened, first, joined('two')).when(third).thenRefused('slot_taken');
  });

  t.test('a held seat is taken until its hold becomes one', async (t) => {
    given(t, opened, first)
      .when(hold({ rules: two }))
      .then(held());
    given(t, opened, first, held()).when(third).thenRefused('slot_taken');
    given(t, opened, first, held())
      .when(another({ rules: two, time: { holdId: holdId() } }))
      .then(joined('two', { hold_id: holdId() }));
    given(t, opened, held())
      .when(another({ rules: two }))
      .then(booked({ booking_id: bookingId('two'), seat_id: seatId('two') }));
  });

  t.test('a request that has expired is joined by nobody', async (t) => {
    given(t, opened, requested({ seat_id: seatId('one') }))
      .when(another({ rules: two }))
      .then(joined('two'));
    given(t, opened, requested({ seat_id: seatId('one') }))
      .when(another({ rules: two, at: friday + day }))
      .then(booked({ booking_id: bookingId('two'), seat_id: seatId('two') }));
    given(t, opened, requested({ seat_id: seatId('one') }), held({ expires_at: toIso(friday + 2 * day) }))
      .when(another({ rules: two, at: friday + day }))
      .then(booked({ booking_id: bookingId('two'), seat_id: seatId('two') }));
  });

  t.test('another event type, or the same at an overlapping time, does not fit', async (t) => {
    given(t, opened, first)
      .when(another({ rules: rules({ eventTypeId: 'evt_other', terms: { seats: 2 } }) }))
      .thenRefused('slot_taken');
    const grid = rules({ terms: { seats: 2, slot_interval_minutes: 15 } });
    given(t, opened, first)
      .when(another({ rules: grid, time: { start: ten + 15 * minute } }))
      .thenRefused('slot_taken');
  });

  t.test('a booking with seats moves as one, and onto no other', async (t) => {
    const other = booked({ booking_id: bookingId('two'), start: eleven, seat_id: seatId('two') });
    given(t, opened, first, other)
      .when(reschedule({ rules: two }))
      .thenRefused('slot_taken');
    const state = given(t, opened, first, joined('two'))
      .when(reschedule({ rules: two }))
      .then(rescheduled());
    t.throws(() => calendar.decide(book({ name: 'three', rules: two, time: { start: eleven } }), state), {
      code: 'slot_taken',
    });
    t.equal(calendar.decide(ask('MarkNoShow', { at: eleven }), state).length, 1);
  });
});
