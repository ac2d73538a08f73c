import { hour, minute } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as calendar from '../decider.ts';
import { booked, cancel, cancelled, leave, left, opened, reschedule, rescheduled, seatId, ten } from '../samples.ts';

const given = scenario(calendar);
const aDayBefore = { min_notice_minutes: 24 * 60 };
const late = ten - 2 * hour;

t.test('an attendee cancels as early as the event type asks, and no later', async (t) => {
  const ask = { by: 'attendee', policy: aDayBefore } as const;
  given(t, opened, booked())
    .when(cancel(ask))
    .then(cancelled({ by: 'attendee' }));
  given(t, opened, booked())
    .when(cancel({ ...ask, at: ten - 24 * hour + minute }))
    .thenRefused('too_late_to_change');
});

t.test('a side that the event type does not name may not', async (t) => {
  const policy = { by: ['host' as const] };
  given(t, opened, booked())
    .when(cancel({ by: 'attendee', policy }))
    .thenRefused('change_not_allowed');
  given(t, opened, booked())
    .when(cancel({ by: 'host', policy }))
    .then(cancelled({ by: 'host' }));
});

t.test('the organization always may', async (t) => {
  given(t, opened, booked())
    .when(cancel({ policy: { ...aDayBefore, by: [] }, at: late }))
    .then(cancelled());
});

t.test('moving has a policy of its own, for the start that is given up', async (t) => {
  given(t, opened, booked())
    .when(reschedule({ by: 'attendee', policy: aDayBefore }))
    .then(rescheduled({ by: 'attendee' }));
  given(t, opened, booked())
    .when(reschedule({ by: 'attendee', policy: aDayBefore, at: late }))
    .thenRefused('too_late_to_change');
});

t.test('giving a seat back is cancelling', async (t) => {
  const seat = booked({ seat_id: seatId('one') });
  given(t, opened, seat)
    .when(leave({ by: 'attendee', policy: aDayBefore, at: late }))
    .thenRefused('too_late_to_change');
  given(t, opened, seat)
    .when(leave({ by: 'attendee', policy: aDayBefore }))
    .then(left('one', { by: 'attendee' }), cancelled({ by: 'attendee' }));
});

t.test('what has happened is not judged again', async (t) => {
  given(t, opened, booked(), cancelled())
    .when(cancel({ by: 'attendee', policy: aDayBefore, at: late }))
    .thenNothing();
  given(t, opened, booked(), rescheduled())
    .when(reschedule({ by: 'attendee', policy: { by: [] } }))
    .thenNothing();
});
