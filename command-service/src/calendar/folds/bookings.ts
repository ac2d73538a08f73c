import type { CalendarEvent } from '../events.ts';
import type { BookingRecord, CalendarState } from '../state/state.ts';
import { type Booked, claimFrom, claimTimes, hostsFrom } from './claim.ts';
import { changeBooking, type When, withBooking, withoutHold, withoutPart } from './records.ts';
import { seated } from './seats.ts';

type BookingEvent = Extract<CalendarEvent, { type: `calendar.booking-${string}` }>;

/** What an event makes of the booking that it is about. */
export function foldBooking(state: CalendarState, { type, data }: BookingEvent, when: When): CalendarState {
  switch (type) {
    case 'calendar.booking-created.v1':
    case 'calendar.booking-requested.v1':
      return withBooking(
        withoutPart(withoutHold(state, data.hold_id, 'booked'), data.part_id, when.at),
        newBooking(data, when),
      );
    case 'calendar.booking-confirmed.v1':
      return changeBooking(state, data.booking_id, when, ({ expiresAt: _, ...booking }) => ({
        ...booking,
        status: 'confirmed',
      }));
    case 'calendar.booking-declined.v1':
      return changeBooking(state, data.booking_id, when, (booking) => ({ ...booking, status: 'declined' }));
    case 'calendar.booking-rescheduled.v1':
      return changeBooking(withoutPart(state, data.part_id, when.at), data.booking_id, when, (booking) => ({
        ...booking,
        ...claimTimes(data),
        ...hostsFrom(data),
        ...(data.expires_at !== undefined && { expiresAt: Date.parse(data.expires_at) }),
      }));
    case 'calendar.booking-cancelled.v1':
      return changeBooking(state, data.booking_id, when, (booking) => ({
        ...booking,
        status: 'cancelled',
        details: { ...booking.details, ...(data.reason && { reason: data.reason }) },
      }));
    case 'calendar.booking-linked.v1':
      return changeBooking(state, data.booking_id, when, (booking) => linked(booking, data));
    case 'calendar.booking-completed.v1':
      return changeBooking(state, data.booking_id, when, (booking) => ({ ...booking, status: 'completed' }));
    case 'calendar.booking-no-show.v1':
      return changeBooking(state, data.booking_id, when, (booking) => ({ ...booking, status: 'no_show' }));
  }
}

function newBooking(data: Booked & { readonly expires_at?: string }, { at, revision }: When): BookingRecord {
  const record: BookingRecord = {
    kind: 'booking',
    id: data.booking_id,
    ...claimFrom(data),
    status: data.expires_at === undefined ? 'confirmed' : 'pending',
    ...(data.expires_at !== undefined && { expiresAt: Date.parse(data.expires_at) }),
    revision,
    ...hostsFrom(data),
    ...(data.series_id !== undefined && { seriesId: data.series_id }),
    details: { attendee: data.attendee, metadata: data.metadata, createdAt: at, updatedAt: at },
  };
  return data.seat_id === undefined
    ? record
    : seated(record, [{ id: data.seat_id, attendee: data.attendee, left: false }]);
}

type Linked = Extract<CalendarEvent, { type: 'calendar.booking-linked.v1' }>['data'];

function linked(booking: BookingRecord, { calendar_event_id, meeting_url }: Linked): BookingRecord {
  return {
    ...booking,
    details: {
      ...booking.details,
      ...(calendar_event_id !== undefined && { calendarEventId: calendar_event_id }),
      ...(meeting_url !== undefined && { meetingUrl: meeting_url }),
    },
  };
}
