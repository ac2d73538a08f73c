import { type Static, Type } from 'typebox';
import { Metadata } from '../http/schemas.ts';

export const bookingStatuses = ['pending', 'confirmed', 'declined', 'cancelled', 'completed', 'no_show'] as const;

/** `pending` waits for the host and blocks its time like `confirmed`; `declined` and `cancelled` block nothing. */
export const BookingStatus = Type.Enum(bookingStatuses, {
  description: 'Declined and cancelled bookings block nothing',
});
export type BookingStatus = (typeof bookingStatuses)[number];

/** `null` once the person has been erased. */
export const AttendeeView = Type.Union([
  Type.Object({
    email: Type.String(),
    name: Type.String(),
    timezone: Type.Optional(Type.String()),
    phone: Type.Optional(Type.String()),
  }),
  Type.Null(),
]);

export const GuestView = Type.Object({ email: Type.String(), name: Type.Optional(Type.String()) });

/** A booking as the API, webhooks and the event stream show it. */
export const Booking = Type.Object(
  {
    id: Type.String(),
    account_id: Type.String(),
    /** The lead: the first of `user_ids`, who all attend. */
    user_id: Type.String(),
    user_ids: Type.Array(Type.String()),
    event_type_id: Type.String(),
    /** The series or sequence that it was booked in. */
    series_id: Type.Optional(Type.String()),
    start_time: Type.String(),
    end_time: Type.String(),
    status: BookingStatus,
    attendee: AttendeeView,
    /** Invited along by the attendee; `null` once the attendee has been erased. */
    guests: Type.Optional(Type.Union([Type.Array(GuestView), Type.Null()])),
    /** To the event type's questions; `null` once the attendee has been erased. */
    answers: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Any()), Type.Null()])),
    /** The seat that this attendee has, where the event type has seats. */
    seat_id: Type.Optional(Type.String()),
    seats_taken: Type.Optional(Type.Integer()),
    /** A pending booking blocks nothing from this instant on. */
    expires_at: Type.Optional(Type.String()),
    /** The event in the external calendar, once it has been written there. */
    calendar_event_id: Type.Union([Type.String(), Type.Null()]),
    /** Where the meeting is joined, once an external calendar or a conference has one. */
    meeting_url: Type.Union([Type.String(), Type.Null()]),
    /** For the attendee, who needs no key for it; there while the booking is open. */
    cancel_url: Type.Optional(Type.String()),
    reschedule_url: Type.Optional(Type.String()),
    cancellation_reason: Type.Union([Type.String(), Type.Null()]),
    metadata: Metadata,
    livemode: Type.Boolean(),
    created_at: Type.String(),
    updated_at: Type.String(),
  },
  { title: 'Booking' },
);
export type Booking = Static<typeof Booking>;
