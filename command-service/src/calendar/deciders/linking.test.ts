import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as calendar from '../decider.ts';
import { accountId, booked, bookingId, cancelled, link, linked, opened } from '../samples.ts';
import { bookingOf } from '../state/state.ts';

const given = scenario(calendar);
const meeting_url = 'https://meet.example.test/abc';

t.test('a booking is linked to its external event', async (t) => {
  const after = given(t, opened, booked()).when(link()).then(linked());
  t.match(bookingOf(after, bookingId()), { revision: 2, details: { calendarEventId: 'external-1' } });
});

t.test('saying it again changes nothing', async (t) => {
  given(t, opened, booked(), linked()).when(link()).thenNothing();
  given(t, opened, booked())
    .when(link({ calendarEventId: undefined }))
    .thenNothing();
});

t.test('the meeting link may come later, and leaves the rest as it was', async (t) => {
  const after = given(t, opened, booked(), linked())
    .when(link({ calendarEventId: undefined, meetingUrl: meeting_url }))
    .then(linked({ meeting_url }));
  t.match(bookingOf(after, bookingId())?.details, { calendarEventId: 'external-1', meetingUrl: meeting_url });
});

t.test('a booking that was cancelled meanwhile is linked too: its external event has to be found', async (t) => {
  given(t, opened, booked(), cancelled()).when(link()).then(linked());
});

t.test('nothing is linked that is not there', async (t) => {
  given(t, opened).when(link()).thenRefused('not_found');
  given(t, opened, booked())
    .when(link({ accountId: `${accountId.slice(0, -1)}x` }))
    .thenRefused('not_found');
});
