import { Metadata } from '@agentcal/shared/http/schemas';
import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { SealedText } from '@agentcal/shared/vault/schema';
import { Type } from 'typebox';

/**
 * What can have happened in one user's calendar. Stream `calendar-{userId}`, the consistency boundary:
 * every claim on that user's time and every piece of mirrored busy time is decided and recorded here.
 *
 * Times are ISO 8601 UTC. Attendees are sealed: `attendee` opens to `Attendee`, `reason` to a string.
 */

/** What `attendee` seals: everything personal that came with a booking. */
export interface Attendee {
  readonly email: string;
  readonly name: string;
  readonly timezone?: string;
  readonly phone?: string;
  /** Others who were invited along; their data lives as long as the attendee's. */
  readonly guests?: readonly Guest[];
  /** Answers to the event type's questions, as its schema allowed them then. */
  readonly answers?: Readonly<Record<string, unknown>>;
}

export interface Guest {
  readonly email: string;
  readonly name?: string;
}

const Range = { start_time: Type.String(), end_time: Type.String() };

/** By what a claim was judged, so that the log explains the decision after the event type has changed. */
export const JudgedBy = Type.Object({
  event_type_revision: Type.Integer(),
  duration_minutes: Type.Integer(),
  buffer_before: Type.Integer(),
  buffer_after: Type.Integer(),
  /** The host's zone at that time. */
  timezone: Type.String(),
});

const Booked = {
  booking_id: Type.String(),
  user_id: Type.String(),
  account_id: Type.String(),
  event_type_id: Type.String(),
  ...Range,
  attendee: SealedText,
  metadata: Metadata,
  judged_by: JudgedBy,
  /** The hold that became this booking. It is gone from here on. */
  hold_id: Type.Optional(Type.String()),
  /** Where the event type has seats: the first attendee's. Others may join. */
  seat_id: Type.Optional(Type.String()),
};

const OneBooking = { booking_id: Type.String(), user_id: Type.String() };

/** Always the first event, beside the first claim or busy time. Says whose calendar it is. */
export const CalendarOpened = defineEvent(
  'calendar.opened.v1',
  Type.Object({ user_id: Type.String(), account_id: Type.String() }),
);

/** Time is kept for somebody until `expires_at`, and not an instant longer, whether or not another event says so. */
export const SlotHeld = defineEvent(
  'calendar.slot-held.v1',
  Type.Object({
    hold_id: Type.String(),
    user_id: Type.String(),
    account_id: Type.String(),
    event_type_id: Type.String(),
    ...Range,
    expires_at: Type.String(),
    /** The key, member or embed that placed it: what one of them may hold at a time is bounded. */
    holder: Type.String(),
    judged_by: JudgedBy,
  }),
);

/** Given back before its time. Not recorded for holds that expire or become a booking. */
export const HoldReleased = defineEvent(
  'calendar.hold-released.v1',
  Type.Object({ hold_id: Type.String(), user_id: Type.String() }),
);

/** A confirmed booking. The time is taken, with its buffers, until it is cancelled or moved. */
export const BookingCreated = defineEvent('calendar.booking-created.v1', Type.Object(Booked));

/**
 * A booking that the host has yet to confirm. It takes its time like a confirmed one, until it is declined,
 * cancelled, or `expires_at` has come.
 */
export const BookingRequested = defineEvent(
  'calendar.booking-requested.v1',
  Type.Object({ ...Booked, expires_at: Type.String() }),
);

/** The host has accepted a requested booking. Its time stays as it was. */
export const BookingConfirmed = defineEvent('calendar.booking-confirmed.v1', Type.Object(OneBooking));

/**
 * A requested booking will not happen: the host said no, or nobody answered in time. Its time is free: after
 * `expired` since its `expires_at`, which may be well before this event. Nothing follows about this booking.
 */
export const BookingDeclined = defineEvent(
  'calendar.booking-declined.v1',
  Type.Object({
    ...OneBooking,
    cause: Type.Union([Type.Literal('host'), Type.Literal('expired')]),
    reason: Type.Optional(SealedText),
  }),
);

/** The same booking at another time, confirmed or requested as it was. The old time is free from here on. */
export const BookingRescheduled = defineEvent(
  'calendar.booking-rescheduled.v1',
  Type.Object({
    ...OneBooking,
    ...Range,
    previous_start_time: Type.String(),
    previous_end_time: Type.String(),
    reason: Type.Optional(SealedText),
    judged_by: JudgedBy,
    /** Where it still waits for the host: until when, from here on. */
    expires_at: Type.Optional(Type.String()),
  }),
);

/** The meeting will not happen; its time is free from here on. Nothing follows about this booking. */
export const BookingCancelled = defineEvent(
  'calendar.booking-cancelled.v1',
  Type.Object({ ...OneBooking, reason: Type.Optional(SealedText) }),
);

/** The meeting's time is over, and nobody has said that it did not happen. Says nothing about who was there. */
export const BookingCompleted = defineEvent('calendar.booking-completed.v1', Type.Object(OneBooking));

/** The attendee did not come. May correct a booking that was completed; the time stays used. */
export const BookingNoShow = defineEvent('calendar.booking-no-show.v1', Type.Object(OneBooking));

/** One more attendee takes a seat of a booking that is there already. The time it claims is the same. */
export const AttendeeJoined = defineEvent(
  'calendar.attendee-joined.v1',
  Type.Object({
    ...OneBooking,
    seat_id: Type.String(),
    attendee: SealedText,
    metadata: Metadata,
    hold_id: Type.Optional(Type.String()),
  }),
);

/** A seat is free again. The booking stays, unless a cancellation follows beside it because nobody is left. */
export const AttendeeLeft = defineEvent(
  'calendar.attendee-left.v1',
  Type.Object({ ...OneBooking, seat_id: Type.String(), reason: Type.Optional(SealedText) }),
);

/**
 * Busy time of one external source within a window, as it is from here on: it replaces what that
 * source said about that window before. Says nothing about what the meetings are.
 */
export const ExternalBusyMirrored = defineEvent(
  'calendar.external-busy-mirrored.v1',
  Type.Object({
    user_id: Type.String(),
    account_id: Type.String(),
    /** A connection and one calendar of it. */
    source: Type.String(),
    window_start: Type.String(),
    window_end: Type.String(),
    /** Sorted, cut to the window, none meeting another. */
    busy: Type.Array(Type.Object(Range)),
  }),
);

export const calendarEvents = [
  CalendarOpened,
  SlotHeld,
  HoldReleased,
  BookingCreated,
  BookingRequested,
  BookingConfirmed,
  BookingDeclined,
  BookingRescheduled,
  BookingCancelled,
  BookingCompleted,
  BookingNoShow,
  AttendeeJoined,
  AttendeeLeft,
  ExternalBusyMirrored,
] as const;

export type CalendarEvent = EventOf<(typeof calendarEvents)[number]>;
