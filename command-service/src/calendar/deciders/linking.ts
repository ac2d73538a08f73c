import type { LinkBooking } from '../commands.ts';
import type { CalendarEvent } from '../events.ts';
import type { CalendarState } from '../state/state.ts';
import { requireBooking } from './requirements.ts';

/**
 * Records where a booking stands outside. Also of one that has been cancelled meanwhile: whoever takes the external
 * event away again has to find it.
 */
export function linkBooking({ data }: LinkBooking, state: CalendarState): readonly CalendarEvent[] {
  const { id, details } = requireBooking(state, data);
  const { calendarEventId = details.calendarEventId, meetingUrl = details.meetingUrl } = data;
  if (calendarEventId === details.calendarEventId && meetingUrl === details.meetingUrl) return [];
  const linked = {
    booking_id: id,
    user_id: data.userId,
    ...(calendarEventId !== undefined && { calendar_event_id: calendarEventId }),
    ...(meetingUrl !== undefined && { meeting_url: meetingUrl }),
  };
  return [{ type: 'calendar.booking-linked.v1', data: linked }];
}
