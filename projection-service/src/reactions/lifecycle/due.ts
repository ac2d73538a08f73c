import type { calendarEvents, Part } from '@agentcal/command-service/calendar/events';
import type { MachineCommand } from '@agentcal/command-service/commands';
import type { schedulingEvents } from '@agentcal/command-service/scheduling/events';
import { type Instant, second } from '@agentcal/shared/kernel/time';
import type { ConsumedOf } from '../../engine/consumer.ts';

/** After which something remains to be done. */
export type TimedEvent = Extract<
  ConsumedOf<readonly [...typeof calendarEvents, ...typeof schedulingEvents]>,
  {
    type:
      | 'calendar.booking-created.v1'
      | 'calendar.booking-requested.v1'
      | 'calendar.booking-rescheduled.v1'
      | 'calendar.booking-cancelled.v1'
      | 'calendar.booking-declined.v1'
      | 'calendar.hold-released.v1'
      | 'scheduling.planned.v1';
  }
>;

/** A command that time itself will ask for. */
export interface Due {
  readonly at: Instant;
  readonly command: MachineCommand;
}

/**
 * So long a plan is left to whoever made it. It takes well under a second where nobody dies; one step of it may wait
 * for the store for ten. Two who work on it at once are in each other's way, and do no harm.
 */
const leftAloneMs = 12 * second;

/**
 * What has to be done later because of an event. It follows from the event alone: whoever has moved, confirmed or
 * cancelled the booking by then is known to the calendar, which then has nothing to do. So a request is asked about
 * twice, at its expiry and at its end, and its confirmation asks for nothing.
 */
export function dueAfter(event: TimedEvent): readonly Due[] {
  switch (event.type) {
    case 'calendar.booking-created.v1':
      return [completion(event.data)];
    case 'calendar.booking-requested.v1':
      return [expiry(event.data.booking_id, event.data.expires_at), completion(event.data)];
    case 'calendar.booking-rescheduled.v1': {
      const { booking_id, expires_at } = event.data;
      const expires = expires_at === undefined ? [] : [expiry(booking_id, expires_at)];
      return [...expires, completion(event.data), ...releaseAfter(event)];
    }
    case 'calendar.booking-cancelled.v1':
    case 'calendar.booking-declined.v1':
    case 'calendar.hold-released.v1':
      return releaseAfter(event);
    case 'scheduling.planned.v1': {
      const at = Date.parse(event.metadata.occurred_at) + leftAloneMs;
      return [{ at, command: { type: 'resume-plan', plan_id: event.data.plan_id } }];
    }
  }
}

function completion({ booking_id, end_time }: { readonly booking_id: string; readonly end_time: string }): Due {
  return { at: Date.parse(end_time), command: { type: 'complete-booking', booking_id } };
}

function expiry(booking_id: string, expiresAt: string): Due {
  return { at: Date.parse(expiresAt), command: { type: 'expire-request', booking_id } };
}

/** At once: where a request has done it already, the steps are found done. */
function releaseAfter({
  id,
  data,
  metadata,
}: Pick<TimedEvent, 'id' | 'metadata'> & { readonly data: { readonly released_parts?: readonly Part[] } }): Due[] {
  const { released_parts: parts = [] } = data;
  if (parts.length === 0) return [];
  return [{ at: Date.parse(metadata.occurred_at), command: { type: 'release-parts', event_id: id, parts } }];
}
