import { Id, InstantText, Metadata } from '@agentcal/shared/http/schemas';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, minute } from '@agentcal/shared/kernel/time';
import { sides } from '@agentcal/shared/resources/change-policy';
import { TimeZone } from '@agentcal/shared/scheduling/model';
import { type Static, Type } from 'typebox';
import { ttlSeconds } from '../deciders/holds.ts';

/** The shapes in which the API takes holds and bookings. */

const Email = Type.String({ format: 'email', maxLength: 254 });
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const SlotId = Type.String({ maxLength: 200, description: 'From an availability answer, instead of start_time' });
const DurationMinutes = Type.Integer({ minimum: 1, maximum: 1440, description: 'One of the event type’s durations' });

const Start = {
  user_id: Type.Optional(Id('user')),
  event_type_id: Type.Optional(Id('eventType')),
  start_time: Type.Optional(InstantText),
  slot_id: Type.Optional(SlotId),
  duration_minutes: Type.Optional(DurationMinutes),
};

export const NewHold = Type.Object({ ...Start, ttl_seconds: Type.Optional(Type.Integer(ttlSeconds)) });

export const NewBooking = Type.Object({
  ...Start,
  hold_id: Type.Optional(Type.String({ maxLength: 64, description: 'A live hold, which becomes the booking' })),
  attendee: Type.Object({
    email: Email,
    name: Name,
    timezone: Type.Optional(TimeZone),
    phone: Type.Optional(Type.String({ pattern: '^[+0-9 ().x/-]{3,40}$' })),
  }),
  guests: Type.Optional(Type.Array(Type.Object({ email: Email, name: Type.Optional(Name) }), { maxItems: 50 })),
  answers: Type.Optional(
    Type.Record(Type.String({ pattern: '^.{1,100}$' }), Type.Any(), {
      maxProperties: 100,
      description: 'To the questions of the event type, as its schema allows them',
    }),
  ),
  metadata: Type.Optional(Metadata),
});
export type NewBooking = Static<typeof NewBooking>;

const Reason = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }));

const OnBehalfOf = Type.Optional(
  Type.Enum(['organization', ...sides], {
    default: 'organization',
    description: 'Whose wish it is: hosts and attendees are held to what the event type lets them do',
  }),
);

export const Reschedule = Type.Object({
  start_time: Start.start_time,
  slot_id: Start.slot_id,
  user_id: Start.user_id,
  reason: Reason,
  on_behalf_of: OnBehalfOf,
});

export const Cancel = Type.Object({ reason: Reason, on_behalf_of: OnBehalfOf });

export const RescheduleByLink = Type.Object({ start_time: InstantText, reason: Reason });

export const Because = Type.Object({ reason: Reason });

export const DryRun = Type.Object({
  dry_run: Type.Optional(Type.Boolean({ description: 'Answer what would happen, and change nothing' })),
});

export const accountParams = Type.Object({ account_id: Type.String() });
export const bookingParams = Type.Object({ account_id: Type.String(), booking_id: Type.String() });

/** An instant that can be a start. @throws {Refusal} */
export function wholeMinute(text: string): Instant {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw fault('start_time', 'must be an instant that exists');
  if (instant % minute !== 0) throw fault('start_time', 'must be a whole minute');
  return instant;
}

export function fault(field: string, detail: string): Refusal {
  const pointer = `/body/${field}`;
  return new Refusal('invalid_request', `${pointer} ${detail}`, { errors: [{ pointer, detail }] });
}
