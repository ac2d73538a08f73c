import { hour, minute } from '@agentcal/shared/kernel/time';
import type { HostCalendar } from '@agentcal/shared/scheduling/model';
import t from 'tap';
import { findStarts } from '../availability/starts.ts';
import { moving } from './moving.ts';

const monday = Date.parse('2030-05-06T00:00:00Z');
const [ten, eleven] = [monday + 10 * hour, monday + 11 * hour];

/** From nine to twelve, with what they have of the event type, an hour each. */
function hostWith(userId: string, taken: readonly number[]): HostCalendar {
  const rules = [{ day_of_week: 1, start_time: '09:00', end_time: '12:00' }];
  const claims = taken.map((start) => {
    const buffers = { bufferBeforeMs: 0, bufferAfterMs: 0 };
    return { id: '', eventTypeId: 'evt_1', start, end: start + hour, ...buffers };
  });
  return { userId, schedule: { timezone: 'UTC', rules }, away: [], busy: [], claims };
}

const booking = {
  event_type_id: 'evt_1',
  start_time: new Date(ten),
  end_time: new Date(eleven),
  user_id: 'user_doctor_1',
  user_ids: ['user_doctor_1', 'user_room_1'],
};

t.test('its own time is free for its hosts; what others have at that time is in the way as ever', async (t) => {
  const query = {
    ...({ assignment: 'round_robin', eventTypeId: 'evt_1', now: monday, durationMinutes: 60 } as const),
    terms: {
      ...{ duration_minutes: 60, buffer_before: 0, buffer_after: 0, min_notice_minutes: 0 },
      slot_interval_minutes: 30,
    },
    hosts: [
      // Whoever has the booking is taken again right after it; the other doctor has another booking beside it.
      { group: 'doctors', calendar: hostWith('user_doctor_1', [ten, eleven]) },
      { group: 'doctors', calendar: hostWith('user_doctor_2', [ten]) },
      { group: 'rooms', calendar: hostWith('user_room_1', [ten]) },
      { group: 'rooms', calendar: hostWith('user_room_2', [ten]) },
    ],
  };
  const range = { from: monday, to: monday + 24 * hour };
  const { starts } = findStarts(moving(query, booking), range);
  const told = starts.map((start) => (start - monday) / minute / 60);
  t.same(told, [9, 9.5, 10, 11], 'half past ten would be in the other booking of the second doctor');
});
