import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import { toIso } from '@agentcal/shared/kernel/time';
import type { PublicEvent, PublicEventType } from '@agentcal/shared/resources/webhook';
import type { SelectedOf } from '../../engine/table.ts';
import type { publicEvents } from '../../read-models/public-events/table.ts';

/**
 * A public event as it travels: CloudEvents 1.0, structured JSON. The same for webhooks and the event stream, and for
 * every attempt: links are of the moment of the event. They are made here, since no read model holds what lets somebody in.
 */
export function envelopeOf(
  event: SelectedOf<(typeof publicEvents)['columns']>,
  links: Pick<BookingLinks, 'addTo'>,
): PublicEvent {
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
    data: ofSeats.has(event.type) ? event.data : links.addTo(event.data, event.told_at.getTime()),
  };
}

/**
 * They show the booking with its first attendee, whoever has joined or left: the links would be of that one's seat, and
 * be sent to another one.
 */
const ofSeats: ReadonlySet<PublicEventType> = new Set(['booking.attendee_joined', 'booking.attendee_left']);
