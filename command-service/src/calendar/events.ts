import { Metadata } from '@agentcal/shared/http/schemas';
import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { SealedText } from '@agentcal/shared/vault/schema';
import { Type } from 'typebox';

/**
 * What can have happened in one user's calendar. Stream `calendar-{userId}`, the consistency boundary:
 * every claim on that user's time and every piece of mirrored busy time is decided and recorded here.
 *
 * Times are ISO 8601 UTC. Attendees are sealed: `attendee` opens to `Attendee`.
 */

/** What `attendee` seals: everything personal that came with a booking. */
export interface Attendee {
  readonly email: string;
  readonly name: string;
  readonly timezone?: string;
  readonly phone?: string;
}

const Range = { start_time: Type.String(), end_time: Type.String() };

/** By what a booking was judged, so that the log explains the decision after the event type has changed. */
export const JudgedBy = Type.Object({
  event_type_revision: Type.Integer(),
  duration_minutes: Type.Integer(),
  buffer_before: Type.Integer(),
  buffer_after: Type.Integer(),
  /** The host's zone at that time. */
  timezone: Type.String(),
});

/** Always the first event, beside the first claim or busy time. Says whose calendar it is. */
export const CalendarOpened = defineEvent(
  'calendar.opened.v1',
  Type.Object({ user_id: Type.String(), account_id: Type.String() }),
);

/** A confirmed booking. The time is taken, with its buffers, until it is cancelled or moved. */
export const BookingCreated = defineEvent(
  'calendar.booking-created.v1',
  Type.Object({
    booking_id: Type.String(),
    user_id: Type.String(),
    account_id: Type.String(),
    event_type_id: Type.String(),
    ...Range,
    attendee: SealedText,
    metadata: Metadata,
    judged_by: JudgedBy,
  }),
);

/** The same booking at another time. The old time is free from here on. */
export const BookingRescheduled = defineEvent(
  'calendar.booking-rescheduled.v1',
  Type.Object({
    booking_id: Type.String(),
    user_id: Type.String(),
    ...Range,
    previous_start_time: Type.String(),
    previous_end_time: Type.String(),
    reason: Type.Optional(SealedText),
    judged_by: JudgedBy,
  }),
);

/** The meeting will not happen; its time is free from here on. Nothing follows about this booking. */
export const BookingCancelled = defineEvent(
  'calendar.booking-cancelled.v1',
  Type.Object({ booking_id: Type.String(), user_id: Type.String(), reason: Type.Optional(SealedText) }),
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
    busy: Type.Array(Type.Object(Range)),
  }),
);

export const calendarEvents = [
  CalendarOpened,
  BookingCreated,
  BookingRescheduled,
  BookingCancelled,
  ExternalBusyMirrored,
] as const;

export type CalendarEvent = EventOf<(typeof calendarEvents)[number]>;
