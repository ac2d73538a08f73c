import { toIso } from '@agentcal/shared/kernel/time';
import type { PublicEvent } from '@agentcal/shared/resources/webhook';
import type { SelectedOf } from '../../engine/table.ts';
import type { publicEvents } from '../../read-models/public-events/table.ts';

/** A public event as it travels: CloudEvents 1.0, structured JSON. The same for webhooks and the event stream. */
export function envelopeOf(event: SelectedOf<(typeof publicEvents)['columns']>): PublicEvent {
  return {
    specversion: '1.0',
    id: event.event_id,
    source: `/v1/accounts/${event.account_id}`,
    type: event.type,
    time: toIso(event.told_at.getTime()),
    subject: event.subject,
    datacontenttype: 'application/json',
    sequence: String(event.sequence),
    accountid: event.account_id,
    livemode: event.livemode,
    data: event.data,
  };
}
