import { Metadata } from '@agentcal/shared/http/schemas';
import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { ChangePolicy } from '@agentcal/shared/resources/change-policy';
import { ConfirmationRule } from '@agentcal/shared/resources/event-type';
import { Assignment, EventTypeHost, HostGroup } from '@agentcal/shared/scheduling/assignment';
import { Schedule, Terms } from '@agentcal/shared/scheduling/model';
import { type Static, Type } from 'typebox';

/** What can have happened to an event type: something that can be booked. Stream `eventtype-{id}`. */

/** Everything about an event type but its ids. `terms` is what decides which starts are slots. */
export const EventTypeSettings = Type.Object({
  name: Type.String(),
  slug: Type.String(),
  description: Type.Optional(Type.String()),
  terms: Terms,
  location: Type.Optional(Type.String()),
  metadata: Metadata,
  /** Absent: `single`. */
  assignment: Type.Optional(Assignment),
  /** Who can be booked with it. Absent: any user of the account, named by the booking. */
  hosts: Type.Optional(Type.Array(EventTypeHost, { maxItems: 200 })),
  groups: Type.Optional(Type.Array(HostGroup, { maxItems: 50 })),
  /** Hold instead of the account's hours, and like them besides each host's own. */
  hours: Type.Optional(Schedule),
  requires_confirmation: Type.Optional(ConfirmationRule),
  /** How long a requested booking waits for its host, at most until it starts. Absent: three days. */
  confirm_within_minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 43_200 })),
  /** What hosts and attendees may do about a booking. Absent: both may until it starts. */
  cancellation: Type.Optional(ChangePolicy),
  rescheduling: Type.Optional(ChangePolicy),
  /** JSON Schema (see `questions.ts` for the part of it that is allowed) of a booking's `answers`. */
  questions: Type.Optional(Type.Record(Type.String(), Type.Any(), { additionalProperties: false })),
});
export type EventTypeSettings = Static<typeof EventTypeSettings>;

/** Always the first event. */
export const EventTypeDefined = defineEvent(
  'eventtype.defined.v1',
  Type.Object({ event_type_id: Type.String(), account_id: Type.String(), settings: EventTypeSettings }),
);

/** The settings whole, as they are from here on. Bookings already made keep the terms they were judged by. */
export const EventTypeChanged = defineEvent(
  'eventtype.changed.v1',
  Type.Object({ event_type_id: Type.String(), settings: EventTypeSettings }),
);

/** Nothing more can be booked with it. Bookings already made stay. */
export const EventTypeRetired = defineEvent('eventtype.retired.v1', Type.Object({ event_type_id: Type.String() }));

export const eventTypeEvents = [EventTypeDefined, EventTypeChanged, EventTypeRetired] as const;

export type EventTypeEvent = EventOf<(typeof eventTypeEvents)[number]>;
