import { calendarEvents } from '@agentcal/command-service/calendar/events';
import { organizationEvents } from '@agentcal/command-service/organization/events';
import { type ConsumedOf, defineReaction, type Reaction } from '../../engine/consumer.ts';
import { publicEventsProjection } from '../../read-models/public-events/projection.ts';
import type { Dispatch } from './dispatch.ts';
import type { LedgerEntries } from './ledger/port.ts';
import { removalJob } from './removals.ts';

/** Under which it tells how far it has come. */
export const reactionName = 'webhooks';

/**
 * Decides which endpoint is told of which event, in the order of the log: an endpoint hears what happened after it
 * was registered and before it was removed. The sending comes after it (delivery.ts).
 */
export function webhooksReaction({ ledger, removals }: Dispatch): Reaction {
  return defineReaction({
    name: reactionName,
    version: 1,
    definitions: [...organizationEvents, ...calendarEvents],
    after: [publicEventsProjection],
    events: {
      'organization.webhook-registered.v1': 'wanted',
      'organization.webhook-removed.v1': 'wanted',
      'organization.registered.v1': 'ignored',
      'organization.secret-key-issued.v1': 'ignored',
      'organization.secret-key-revoked.v1': 'ignored',
      'organization.publishable-key-issued.v1': 'ignored',
      'organization.publishable-key-revoked.v1': 'ignored',
      'organization.origins-allowed.v1': 'ignored',
      'organization.plan-changed.v1': 'ignored',
      'calendar.booking-created.v1': 'wanted',
      'calendar.booking-requested.v1': 'wanted',
      'calendar.booking-confirmed.v1': 'wanted',
      'calendar.booking-declined.v1': 'wanted',
      'calendar.booking-rescheduled.v1': 'wanted',
      'calendar.booking-cancelled.v1': 'wanted',
      'calendar.booking-completed.v1': 'wanted',
      'calendar.booking-no-show.v1': 'wanted',
      'calendar.attendee-joined.v1': 'wanted',
      'calendar.attendee-left.v1': 'wanted',
      'calendar.booking-linked.v1': 'ignored',
      'calendar.opened.v1': 'ignored',
      'calendar.slot-held.v1': 'ignored',
      'calendar.hold-released.v1': 'ignored',
      'calendar.part-claimed.v1': 'ignored',
      'calendar.part-released.v1': 'ignored',
      'calendar.external-busy-mirrored.v1': 'ignored',
    },
    reset: (trx) => ledger.within(trx).forgetEndpoints(),
    apply: async (trx, { events, quiet }) => {
      const entries = ledger.within(trx);
      await keepEndpoints(entries, events);
      if (quiet) return;
      await entries.owe(events.map(({ id }) => id));
      await removals.add(trx, removedIn(events).map(removalJob));
    },
  });
}

type Event = ConsumedOf<readonly [...typeof organizationEvents, ...typeof calendarEvents]>;

/** Endpoints keep the span of positions in which they were registered, so a batch needs no order among them. */
async function keepEndpoints(entries: LedgerEntries, events: readonly Event[]): Promise<void> {
  for (const { type, data, position } of events) {
    if (type === 'organization.webhook-registered.v1') {
      const { webhook_id: webhookId, organization_id: organizationId, livemode, url, events: wanted } = data;
      await entries.register({ webhookId, organizationId, livemode, url, events: wanted, registeredAt: position });
    }
    if (type === 'organization.webhook-removed.v1') await entries.remove(data.webhook_id, position);
  }
}

function removedIn(events: readonly Event[]): string[] {
  return events.flatMap(({ type, data }) => (type === 'organization.webhook-removed.v1' ? [data.webhook_id] : []));
}
