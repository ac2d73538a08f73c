import { day, hour, minute, toIso } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as calendar from '../decider.ts';
import {
  book,
  booked,
  bookingId,
  cancel,
  cancelled,
  completed,
  declined,
  eleven,
  friday,
  halfPastTen,
  held,
  holdId,
  opened,
  requested,
  reschedule,
  rescheduled,
  rules,
  sealedReason,
  ten,
} from '../samples.ts';

const given = scenario(calendar);
const another = (change: Parameters<typeof book>[0] = {}) => book({ name: 'two', ...change });

t.test('rescheduling a booking', async (t) => {
  t.test('moves it in one event', async (t) => {
    given(t, opened, booked()).when(reschedule()).then(rescheduled());
    given(t, opened, booked())
      .when(reschedule({ reason: sealedReason }))
      .then(rescheduled({ reason: sealedReason }));
    given(t, opened, requested())
      .when(reschedule())
      .then(rescheduled({ expires_at: toIso(friday + day) }));
  });

  t.test('frees the old time, and its own time is free for itself', async (t) => {
    given(t, opened, booked(), rescheduled())
      .when(another())
      .then(booked({ booking_id: bookingId('two') }));
    const quarter = ten + 15 * minute;
    const grid = rules({ terms: { slot_interval_minutes: 15 } });
    given(t, opened, booked())
      .when(reschedule({ start: quarter, rules: grid }))
      .then(rescheduled({ to: quarter }));
  });

  t.test('counts a limit once', async (t) => {
    const once = rules({ terms: { limits: [{ per: 'day', count: 1 }] } });
    given(t, opened, booked())
      .when(reschedule({ rules: once }))
      .then(rescheduled());
  });

  t.test('changes nothing where it is there already', async (t) => {
    given(t, opened, booked(), rescheduled()).when(reschedule()).thenNothing();
  });

  t.test('keeps its own length, whatever the event type offers now', async (t) => {
    const longer = rules({ terms: { duration_minutes: 60, slot_interval_minutes: 30 } });
    given(t, opened, booked())
      .when(reschedule({ rules: longer }))
      .then(rescheduled());
  });

  t.test('is refused by the same rules as a booking', async (t) => {
    const other = booked({ booking_id: bookingId('two'), start: eleven });
    given(t, opened, booked(), other).when(reschedule()).thenRefused('slot_taken');
    given(t, opened, booked())
      .when(reschedule({ start: ten + 5 * minute }))
      .thenRefused('off_grid');
    given(t, opened, booked())
      .when(reschedule({ start: ten - 2 * hour }))
      .thenRefused('outside_hours');
  });

  t.test('is nothing where it stands there already, whoever has moved it there', async (t) => {
    given(t, opened, booked(), rescheduled())
      .when(reschedule({ ifRevision: 1 }))
      .thenNothing();
    given(t, opened, booked(), rescheduled(), cancelled())
      .when(reschedule({ ifRevision: 1 }))
      .thenRefused('booking_closed');
  });

  t.test('is refused where there is nothing to move', async (t) => {
    given(t, opened).when(reschedule()).thenRefused('not_found');
    given(t, opened, booked())
      .when(reschedule({ accountId: 'acct_other' }))
      .thenRefused('not_found');
    given(t, opened, booked(), cancelled()).when(reschedule()).thenRefused('booking_closed');
    given(t, opened, requested(), declined()).when(reschedule()).thenRefused('booking_closed');
    given(t, opened, booked())
      .when(reschedule({ at: halfPastTen, start: ten + day }))
      .thenRefused('booking_closed');
    given(t, opened, booked())
      .when(reschedule({ ifRevision: 0 }))
      .thenRefused('revision_conflict');
    given(t, opened, booked())
      .when(reschedule({ ifRevision: 1 }))
      .then(rescheduled());
  });
});

t.test('cancelling a booking', async (t) => {
  t.test('frees its time', async (t) => {
    const state = given(t, opened, booked())
      .when(cancel({ reason: sealedReason }))
      .then(cancelled({ reason: sealedReason }));
    t.equal(calendar.decide(another(), state).length, 1);
    given(t, opened, requested()).when(cancel()).then(cancelled());
  });

  t.test('changes nothing the second time, also after the end', async (t) => {
    given(t, opened, booked(), cancelled()).when(cancel()).thenNothing();
    given(t, opened, booked(), cancelled())
      .when(cancel({ at: eleven, ifRevision: 0 }))
      .thenNothing();
  });

  t.test('is refused where it is too late or not there', async (t) => {
    given(t, opened, booked())
      .when(cancel({ at: halfPastTen - 1 }))
      .then(cancelled());
    given(t, opened, booked())
      .when(cancel({ at: halfPastTen }))
      .thenRefused('booking_closed');
    given(t, opened, booked(), completed()).when(cancel()).thenRefused('booking_closed');
    given(t, opened, requested(), declined()).when(cancel()).thenRefused('booking_closed');
    given(t, opened, requested())
      .when(cancel({ at: friday + day }))
      .thenRefused('booking_closed');
    given(t).when(cancel()).thenRefused('not_found');
    given(t, opened, booked())
      .when(cancel({ bookingId: bookingId('two') }))
      .thenRefused('not_found');
    given(t, opened, booked())
      .when(cancel({ accountId: 'acct_other' }))
      .thenRefused('not_found');
    given(t, opened, booked())
      .when(cancel({ ifRevision: 7 }))
      .thenRefused('revision_conflict');
    given(t, opened, held())
      .when(cancel({ bookingId: holdId() }))
      .thenRefused('not_found');
  });
});
