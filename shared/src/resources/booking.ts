import { type Static, Type } from 'typebox';
import { Metadata } from '../http/schemas.ts';

export const BookingStatus = Type.Union([Type.Literal('confirmed'), Type.Literal('cancelled')], {
  description: 'Cancelled bookings block nothing',
});

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

/** A booking as the API, webhooks and the event stream show it. */
export const Booking = Type.Object(
  {
    id: Type.String(),
    account_id: Type.String(),
    user_id: Type.String(),
    user_ids: Type.Array(Type.String()),
    event_type_id: Type.String(),
    start_time: Type.String(),
    end_time: Type.String(),
    status: BookingStatus,
    attendee: AttendeeView,
    /** The event in the external calendar, once it has been written there. */
    calendar_event_id: Type.Union([Type.String(), Type.Null()]),
    cancellation_reason: Type.Union([Type.String(), Type.Null()]),
    metadata: Metadata,
    livemode: Type.Boolean(),
    created_at: Type.String(),
    updated_at: Type.String(),
  },
  { title: 'Booking' },
);
export type Booking = Static<typeof Booking>;
