import type { OrganizationEvent } from '@agentcal/command-service/organization/events';
import type { KeptDelivery } from '@agentcal/projection-service/simulation';
import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import type { Found } from './check.ts';

type Registered = Extract<OrganizationEvent, { type: 'organization.webhook-registered.v1' }>['data'];

interface Endpoint extends Registered {
  readonly from: bigint;
  /** Removed there. */
  readonly until: bigint | undefined;
}

/** What customers are told, by the stored event that it is told of. */
const toldAs = new Map(
  Object.entries({
    created: 'created',
    requested: 'requested',
    confirmed: 'confirmed',
    declined: 'declined',
    rescheduled: 'rescheduled',
    cancelled: 'cancelled',
    completed: 'completed',
    'no-show': 'no_show',
  }).map(([stored, told]) => [`calendar.booking-${stored}.v1`, `booking.${told}`]),
)
  .set('calendar.attendee-joined.v1', 'booking.attendee_joined')
  .set('calendar.attendee-left.v1', 'booking.attendee_left');

/**
 * Invariant 5, outside: an endpoint has heard everything that it asked for while it was there, and nothing else; about a
 * booking in the order in which it happened, but for repeats, whose ids it has seen.
 */
export function checkWebhooks({ log, engines }: Pick<Found, 'log' | 'engines'>): string[] {
  const { heard, remembered } = engines.receivers;
  const byEndpoint = Map.groupBy(heard, ({ webhookId }) => webhookId);
  const kept = engines.rows.rows('webhooks', 'deliveries') as unknown as readonly KeptDelivery[];
  return endpointsIn(log).flatMap((endpoint) => {
    const { webhook_id: id, until } = endpoint;
    const owed = log.filter((event) => isOwed(endpoint, event));
    const ids = (byEndpoint.get(id) ?? []).map(({ eventId }) => eventId);
    const first = new Map(ids.toReversed().map((eventId, index) => [eventId, ids.length - index]));
    const known = new Set(owed.map((event) => event.id));
    const delivered = kept.filter(({ webhookId, status }) => webhookId === id && status === 'delivered');
    return [
      ...(until === undefined
        ? owed.filter((event) => !first.has(event.id)).map((event) => `${id} never heard of ${placeOf(event)}`)
        : []),
      ...ids
        .filter((eventId) => !known.has(eventId))
        .map((eventId) => `${id} heard of ${eventId}, which is not for it`),
      ...delivered
        .filter(({ eventId }) => !first.has(eventId))
        .map(({ eventId }) => `${eventId} is delivered to ${id}, which never heard of it`),
      ...outOfOrder(
        owed.filter((event) => first.has(event.id)),
        first,
      ).map((event) => `${id} heard of ${placeOf(event)} too early`),
      ...(until !== undefined && remembered.has(id) ? [`${id} was removed, and is known outside`] : []),
    ];
  });
}

function endpointsIn(log: Found['log']): Endpoint[] {
  const endpoints = new Map<string, Endpoint>();
  for (const event of log as readonly RecordedEvent<OrganizationEvent>[]) {
    const { type, data, position } = event;
    if (type === 'organization.webhook-registered.v1')
      endpoints.set(data.webhook_id, { ...data, from: position, until: undefined });
    if (type === 'organization.webhook-removed.v1')
      endpoints.set(data.webhook_id, { ...endpoints.get(data.webhook_id)!, until: position });
  }
  return [...endpoints.values()];
}

function isOwed({ organization_id, livemode, events, from, until }: Endpoint, event: RecordedEvent): boolean {
  const { metadata, position } = event;
  const isTheirs = metadata.organization_id === organization_id && metadata.livemode === livemode;
  const told = toldAs.get(event.type) as (typeof events)[number] | undefined;
  const isWanted = told !== undefined && events.includes(told);
  return isTheirs && isWanted && position > from && (until === undefined || position < until);
}

/** Those that were first heard of after something that happened later. */
function outOfOrder(owed: readonly RecordedEvent[], first: ReadonlyMap<string, number>): RecordedEvent[] {
  const bookings = Map.groupBy(owed, ({ data }) => (data as { booking_id: string }).booking_id);
  return [...bookings.values()].flatMap((events) =>
    events.filter((event, index) => index > 0 && first.get(event.id)! < first.get(events[index - 1]!.id)!),
  );
}

const placeOf = ({ streamId, revision, type }: RecordedEvent) => `${streamId} ${revision} (${type})`;
