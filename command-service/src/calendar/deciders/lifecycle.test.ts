import { day, hour, minute } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as calendar from '../decider.ts';
import {
  ask,
  booked,
  bookingId,
  cancelled,
  completed,
  confirmed,
  declined,
  friday,
  halfPastTen,
  joined,
  leave,
  left,
  mirrored,
  noShow,
  opened,
  requested,
  rescheduled,
  sealedReason,
  seatId,
  ten,
} from '../samples.ts';

const given = scenario(calendar);
const expiry = friday + day;

t.test('confirming a requested booking', async (t) => {
  t.test('keeps its time for good', async (t) => {
    const state = given(t, opened, requested()).when(ask('ConfirmBooking')).then(confirmed());
    t.equal(calendar.decide(ask('CompleteBooking', { at: halfPastTen }), state).length, 1);
  });

  t.test('changes nothing the second time', async (t) => {
    given(t, opened, requested(), confirmed()).when(ask('ConfirmBooking')).thenNothing();
    given(t, opened, requested(), confirmed())
      .when(ask('ConfirmBooking', { ifRevision: 1 }))
      .thenNothing();
    given(t, opened, booked()).when(ask('ConfirmBooking')).thenNothing();
  });

  t.test('is refused where its time is no longer free', async (t) => {
    const busy = mirrored([['2026-05-04T09:10:00Z', '2026-05-04T09:20:00Z']]);
    given(t, opened, requested(), busy).when(ask('ConfirmBooking')).thenRefused('slot_taken');
  });

  t.test('is refused where there is nothing to confirm', async (t) => {
    given(t).when(ask('ConfirmBooking')).thenRefused('not_found');
    given(t, opened, requested())
      .when(ask('ConfirmBooking', { at: expiry }))
      .thenRefused('booking_closed');
    given(t, opened, requested(), declined()).when(ask('ConfirmBooking')).thenRefused('booking_closed');
    given(t, opened, requested(), cancelled()).when(ask('ConfirmBooking')).thenRefused('booking_closed');
    given(t, opened, requested())
      .when(ask('ConfirmBooking', { ifRevision: 9 }))
      .thenRefused('revision_conflict');
  });
});

t.test('declining a requested booking', async (t) => {
  t.test('frees its time', async (t) => {
    const decline = ask('DeclineBooking');
    given(t, opened, requested()).when(decline).then(declined());
    const because = { ...decline, data: { ...decline.data, reason: sealedReason } };
    given(t, opened, requested())
      .when(because)
      .then(declined({ reason: sealedReason }));
  });

  t.test('changes nothing the second time', async (t) => {
    given(t, opened, requested(), declined()).when(ask('DeclineBooking')).thenNothing();
  });

  t.test('is refused where nothing waits for the host', async (t) => {
    given(t).when(ask('DeclineBooking')).thenRefused('not_found');
    given(t, opened, requested(), confirmed()).when(ask('DeclineBooking')).thenRefused('booking_closed');
    given(t, opened, requested())
      .when(ask('DeclineBooking', { at: expiry }))
      .thenRefused('booking_closed');
  });
});

t.test('a request that nobody answers', async (t) => {
  t.test('expires when its time has come', async (t) => {
    given(t, opened, requested())
      .when(ask('ExpireRequest', { at: expiry }))
      .then(declined({ cause: 'expired' }));
    given(t, opened, requested())
      .when(ask('ExpireRequest', { at: expiry - 1 }))
      .thenRefused('booking_not_due');
  });

  t.test('is none any more where the host has answered', async (t) => {
    given(t, opened, requested(), confirmed())
      .when(ask('ExpireRequest', { at: expiry }))
      .thenNothing();
    given(t, opened, requested(), declined())
      .when(ask('ExpireRequest', { at: expiry }))
      .thenNothing();
    given(t)
      .when(ask('ExpireRequest', { at: expiry }))
      .thenRefused('not_found');
  });
});

t.test('completing a booking', async (t) => {
  t.test('happens once the meeting is over', async (t) => {
    given(t, opened, booked())
      .when(ask('CompleteBooking', { at: halfPastTen }))
      .then(completed());
  });

  t.test('is too early before, also where it was moved later', async (t) => {
    given(t, opened, booked())
      .when(ask('CompleteBooking', { at: halfPastTen - 1 }))
      .thenRefused('booking_not_due');
    given(t, opened, booked(), rescheduled())
      .when(ask('CompleteBooking', { at: halfPastTen }))
      .thenRefused('booking_not_due');
  });

  t.test('changes nothing where it did not take place, or is completed already', async (t) => {
    const over = ask('CompleteBooking', { at: halfPastTen });
    given(t, opened, booked(), completed()).when(over).thenNothing();
    given(t, opened, booked(), cancelled()).when(over).thenNothing();
    given(t, opened, booked(), noShow()).when(over).thenNothing();
    given(t).when(over).thenRefused('not_found');
  });
});

t.test('marking a no-show', async (t) => {
  t.test('is possible from the start on, and corrects a completed booking', async (t) => {
    given(t, opened, booked())
      .when(ask('MarkNoShow', { at: ten }))
      .then(noShow());
    given(t, opened, booked(), completed())
      .when(ask('MarkNoShow', { at: ten + day }))
      .then(noShow());
  });

  t.test('changes nothing the second time', async (t) => {
    given(t, opened, booked(), noShow())
      .when(ask('MarkNoShow', { at: ten }))
      .thenNothing();
  });

  t.test('is refused before the start, and for what did not take place', async (t) => {
    given(t, opened, booked())
      .when(ask('MarkNoShow', { at: ten - minute }))
      .thenRefused('booking_not_due');
    given(t, opened, booked(), cancelled())
      .when(ask('MarkNoShow', { at: ten }))
      .thenRefused('booking_closed');
    given(t, opened, requested())
      .when(ask('MarkNoShow', { at: ten }))
      .thenRefused('booking_closed');
    given(t)
      .when(ask('MarkNoShow', { at: ten }))
      .thenRefused('not_found');
    given(t, opened, booked())
      .when(ask('MarkNoShow', { at: ten, ifRevision: 5 }))
      .thenRefused('revision_conflict');
  });
});

t.test('leaving a seat', async (t) => {
  const first = booked({ seat_id: seatId('one') });

  t.test('frees it, and nothing else', async (t) => {
    const state = given(t, opened, first, joined('two')).when(leave()).then(left('one'));
    t.throws(() => calendar.decide(ask('CompleteBooking'), state), { code: 'booking_not_due' });
  });

  t.test('cancels the booking with the last attendee', async (t) => {
    given(t, opened, first)
      .when(leave({ reason: sealedReason }))
      .then(left('one', { reason: sealedReason }), cancelled({ reason: sealedReason }));
  });

  t.test('changes nothing the second time', async (t) => {
    given(t, opened, first, joined('two'), left('one')).when(leave()).thenNothing();
    given(t, opened, first, left('one'), cancelled()).when(leave()).thenNothing();
  });

  t.test('is refused where there is no such seat, or it is too late', async (t) => {
    given(t, opened, first)
      .when(leave({ seatId: seatId('two') }))
      .thenRefused('not_found');
    given(t, opened, booked()).when(leave()).thenRefused('not_found');
    given(t, opened, first)
      .when(leave({ bookingId: bookingId('two') }))
      .thenRefused('not_found');
    given(t, opened, first)
      .when(leave({ at: halfPastTen + hour }))
      .thenRefused('booking_closed');
  });
});
