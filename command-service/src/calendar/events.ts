import { Metadata } from '@agentcal/shared/http/schemas';
import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { SealedText } from '@agentcal/shared/vault/schema';
import { type Static, Type } from 'typebox';

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

export type JudgedBy = Static<typeof JudgedBy>;
/** By what a claim was judged, so that the log explains the decision after the event type has changed. */
export const JudgedBy = Type.Object({
  event_type_revision: Type.Integer(),
  duration_minutes: Type.Integer(),
  buffer_before: Type.Integer(),
  buffer_after: Type.Integer(),
  /** The host's zone at that time. */
  timezone: Type.String(),
});

/** A claim on another calendar that belongs to a booking or hold of this one. */
export const Part = Type.Object({ user_id: Type.String(), part_id: Type.String() });
export type Part = Static<typeof Part>;

const Hosted = {
  /** Everybody who attends, the lead first. Absent: the calendar's user alone. */
  user_ids: Type.Optional(Type.Array(Type.String())),
  /** What it has of others' calendars. They stand there by themselves, until they are released. */
  parts: Type.Optional(Type.Array(Part)),
};

/** What of others' calendars it no longer needs. Their release follows, in those calendars. */
const Letting = { released_parts: Type.Optional(Type.Array(Part)) };

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
  /** Where a plan booked it: its part of this calendar, which became this booking and is gone from here on. */
  part_id: Type.Optional(Type.String()),
  plan_id: Type.Optional(Type.String()),
  /** The series or sequence that it was booked in. */
  series_id: Type.Optional(Type.String()),
  ...Hosted,
};

const OneBooking = { booking_id: Type.String(), user_id: Type.String() };

/** On whose behalf it was asked. Absent: the organization's own. Says nothing about who sent the request. */
const By = Type.Optional(Type.Enum(['host', 'attendee']));

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
    plan_id: Type.Optional(Type.String()),
    /** The holds that belong to this one are its `parts`. */
    ...Hosted,
  }),
);

/** Given back before its time. Not recorded for holds that expire or become a booking. */
export const HoldReleased = defineEvent(
  'calendar.hold-released.v1',
  Type.Object({ hold_id: Type.String(), user_id: Type.String(), ...Letting }),
);

/**
 * A plan takes a piece of this calendar's time, for a booking of this calendar or of another one. It blocks like a
 * booking, from here on and without an end. Says nothing about whether the plan will come to its booking.
 */
export const PartClaimed = defineEvent(
  'calendar.part-claimed.v1',
  Type.Object({
    part_id: Type.String(),
    plan_id: Type.String(),
    booking_id: Type.String(),
    user_id: Type.String(),
    account_id: Type.String(),
    event_type_id: Type.String(),
    ...Range,
    judged_by: JudgedBy,
    /** The hold of this calendar that became this part. It is gone from here on. */
    hold_id: Type.Optional(Type.String()),
  }),
);

/**
 * A part is given back: its time is free from here on. It may never have been claimed; then this keeps it from
 * being claimed later, by a runner that does not know yet that its plan was undone.
 */
export const PartReleased = defineEvent(
  'calendar.part-released.v1',
  Type.Object({ part_id: Type.String(), user_id: Type.String() }),
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
    ...Letting,
  }),
);

/**
 * The same booking at another time or with other hosts, confirmed or requested as it was. The old time is free from
 * here on. It stays a booking of this calendar, also where the calendar's user is none of its hosts any more: then it
 * takes no time here.
 */
export const BookingRescheduled = defineEvent(
  'calendar.booking-rescheduled.v1',
  Type.Object({
    ...OneBooking,
    ...Range,
    previous_start_time: Type.String(),
    previous_end_time: Type.String(),
    reason: Type.Optional(SealedText),
    by: By,
    judged_by: JudgedBy,
    /** Where it still waits for the host: until when, from here on. */
    expires_at: Type.Optional(Type.String()),
    /** Where a plan moved it: its part of this calendar, if any, has become its time here. */
    part_id: Type.Optional(Type.String()),
    plan_id: Type.Optional(Type.String()),
    /** Beside `plan_id`: of what it is a booking. */
    event_type_id: Type.Optional(Type.String()),
    ...Hosted,
    ...Letting,
  }),
);

/** The meeting will not happen; its time is free from here on. Nothing follows about this booking. */
export const BookingCancelled = defineEvent(
  'calendar.booking-cancelled.v1',
  Type.Object({ ...OneBooking, reason: Type.Optional(SealedText), by: By, ...Letting }),
);

/**
 * Where the booking stands outside: its event in an external calendar, the link to the meeting. What is absent is as it
 * was before. Does not say that the external event is still there.
 */
export const BookingLinked = defineEvent(
  'calendar.booking-linked.v1',
  Type.Object({
    ...OneBooking,
    calendar_event_id: Type.Optional(Type.String()),
    meeting_url: Type.Optional(Type.String()),
  }),
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
  Type.Object({ ...OneBooking, seat_id: Type.String(), reason: Type.Optional(SealedText), by: By }),
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
  PartClaimed,
  PartReleased,
  BookingCreated,
  BookingRequested,
  BookingConfirmed,
  BookingDeclined,
  BookingRescheduled,
  BookingCancelled,
  BookingLinked,
  BookingCompleted,
  BookingNoShow,
  AttendeeJoined,
  AttendeeLeft,
  ExternalBusyMirrored,
] as const;

export type CalendarEvent = EventOf<(typeof calendarEvents)[number]>;
