import { type Static, Type } from 'typebox';

/** Public event names that a webhook can ask for. */
export const publicEventTypes = [
  'booking.created',
  'booking.requested',
  'booking.confirmed',
  'booking.declined',
  'booking.rescheduled',
  'booking.cancelled',
  'booking.completed',
  'booking.no_show',
  'booking.attendee_joined',
  'booking.attendee_left',
] as const;
export type PublicEventType = (typeof publicEventTypes)[number];

export const PublicEventName = Type.Enum(publicEventTypes);

const WebhookDelivery = Type.Object({
  consecutive_failures: Type.Integer({ description: 'Attempts, of whatever event, since the last one that succeeded' }),
  paused_until: Type.Union([Type.String(), Type.Null()], {
    description:
      'After five failures in a row nothing is sent before, and then one event, to see whether it answers again',
  }),
});

/** A webhook endpoint. `secret` (`whsec_…`) is there once, in the answer that registered it; `delivery` where it is read. */
export const Webhook = Type.Object(
  {
    id: Type.String(),
    url: Type.String(),
    events: Type.Array(Type.String()),
    secret: Type.Optional(Type.String()),
    livemode: Type.Boolean(),
    created_at: Type.String(),
    delivery: Type.Optional(WebhookDelivery),
  },
  { title: 'Webhook' },
);
export type Webhook = Static<typeof Webhook>;

/** CloudEvents 1.0. `id` is the stored event's: drop a repeat by it. `sequence` grows by one per organization and mode. */
export const PublicEvent = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: Type.String(),
    source: Type.String(),
    type: Type.String(),
    time: Type.String(),
    subject: Type.String(),
    datacontenttype: Type.Literal('application/json'),
    sequence: Type.String(),
    accountid: Type.Optional(Type.String()),
    livemode: Type.Boolean(),
    data: Type.Any(),
  },
  { title: 'PublicEvent' },
);
export type PublicEvent = Static<typeof PublicEvent>;
