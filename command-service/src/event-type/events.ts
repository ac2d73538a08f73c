import { Metadata } from '@agentcal/shared/http/schemas';
import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { Terms } from '@agentcal/shared/scheduling/model';
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
