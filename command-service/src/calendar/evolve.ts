import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { minute } from '@agentcal/shared/kernel/time';
import { foldBusy } from './deciders/external-busy.ts';
import type { CalendarEvent } from './events.ts';
import {
  changeBooking,
  type When,
  withBooking,
  withHold,
  withoutExpiredHolds,
  withoutHold,
  withoutPart,
  withPart,
} from './state/records.ts';
import { swept } from './state/retention.ts';
import type { BookingRecord, CalendarState } from './state/state.ts';

/** Folds one event into the state. Never fails: what is in the log has happened. */
export function evolve(state: CalendarState, event: FoldedEvent<CalendarEvent>): CalendarState {
  // Clocks of several processes may disagree; the calendar's own time never goes back.
  const at = Math.max(state.latest, Date.parse(event.metadata.occurred_at));
  return swept(fold({ ...state, latest: at }, event, { at, revision: event.revision }));
}

function fold(state: CalendarState, { type, data }: CalendarEvent, when: When): CalendarState {
  switch (type) {
    case 'calendar.opened.v1':
      return { ...state, userId: data.user_id, accountId: data.account_id };
    case 'calendar.slot-held.v1':
      return withHold(withoutExpiredHolds(state, when.at), {
        kind: 'hold',
        id: data.hold_id,
        ...claimFrom(data),
        seatsTaken: 1,
        holder: data.holder,
        placedAt: when.at,
        expiresAt: Date.parse(data.expires_at),
        outcome: 'open',
        ...hostsFrom(data),
        ...(data.plan_id !== undefined && { planId: data.plan_id }),
      });
    case 'calendar.hold-released.v1':
      return withoutHold(state, data.hold_id, 'released');
    case 'calendar.booking-created.v1':
    case 'calendar.booking-requested.v1':
      return withBooking(
        withoutPart(withoutHold(state, data.hold_id, 'booked'), data.part_id, when.at),
        newBooking(data, when),
      );
    case 'calendar.part-claimed.v1':
      return withPart(withoutHold(state, data.hold_id, 'booked'), {
        kind: 'part',
        id: data.part_id,
        ...claimFrom(data),
        bookingId: data.booking_id,
        planId: data.plan_id,
        claimedAt: when.at,
      });
    case 'calendar.part-released.v1':
      return withoutPart(withoutHold(state, data.part_id, 'released'), data.part_id, when.at);
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
      return changeBooking(state, data.booking_id, when, (booking) => ({
        ...booking,
        details: {
          ...booking.details,
          ...(data.calendar_event_id !== undefined && { calendarEventId: data.calendar_event_id }),
          ...(data.meeting_url !== undefined && { meetingUrl: data.meeting_url }),
        },
      }));
    case 'calendar.booking-completed.v1':
      return changeBooking(state, data.booking_id, when, (booking) => ({ ...booking, status: 'completed' }));
    case 'calendar.booking-no-show.v1':
      return changeBooking(state, data.booking_id, when, (booking) => ({ ...booking, status: 'no_show' }));
    case 'calendar.attendee-joined.v1':
      return changeBooking(withoutHold(state, data.hold_id, 'booked'), data.booking_id, when, (booking) =>
        seated(booking, [
          ...(booking.seats ?? []).filter(({ id }) => id !== data.seat_id),
          { id: data.seat_id, attendee: data.attendee, left: false },
        ]),
      );
    case 'calendar.attendee-left.v1':
      return changeBooking(state, data.booking_id, when, (booking) =>
        seated(
          booking,
          (booking.seats ?? []).map((seat) => (seat.id === data.seat_id ? { ...seat, left: true } : seat)),
        ),
      );
    case 'calendar.external-busy-mirrored.v1':
      return { ...state, busy: foldBusy(state, data) };
  }
}

type Booked = Extract<CalendarEvent, { type: 'calendar.booking-created.v1' | 'calendar.booking-requested.v1' }>['data'];
type Hosted = Pick<Booked, 'user_id' | 'user_ids' | 'parts'>;
type Claimed = Pick<Booked, 'start_time' | 'end_time' | 'judged_by'>;

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

function claimFrom(data: Claimed & { readonly event_type_id: string }) {
  return { eventTypeId: data.event_type_id, ...claimTimes(data) };
}

function hostsFrom({ user_id, user_ids, parts }: Hosted): Pick<BookingRecord, 'userIds' | 'parts' | 'elsewhere'> {
  if (user_ids === undefined) return {};
  return { userIds: user_ids, parts: parts ?? [], elsewhere: !user_ids.includes(user_id) };
}

function claimTimes({ start_time, end_time, judged_by }: Claimed) {
  return {
    start: Date.parse(start_time),
    end: Date.parse(end_time),
    bufferBeforeMs: judged_by.buffer_before * minute,
    bufferAfterMs: judged_by.buffer_after * minute,
  };
}

function seated(booking: BookingRecord, seats: NonNullable<BookingRecord['seats']>): BookingRecord {
  return { ...booking, seats, seatsTaken: seats.filter(({ left }) => !left).length };
}
