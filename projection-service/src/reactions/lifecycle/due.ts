import type { calendarEvents } from '@agentcal/command-service/calendar/events';
import type { MachineCommand } from '@agentcal/command-service/commands';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { ConsumedOf } from '../../engine/consumer.ts';

/** After which time has something to say. */
export type TimedEvent = Extract<
  ConsumedOf<typeof calendarEvents>,
  {
    type: 'calendar.booking-created.v1' | 'calendar.booking-requested.v1' | 'calendar.booking-rescheduled.v1';
  }
>;

/** A command that time itself will ask for. */
export interface Due {
  readonly at: Instant;
  readonly command: MachineCommand;
}

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
      return expires_at === undefined
        ? [completion(event.data)]
        : [expiry(booking_id, expires_at), completion(event.data)];
    }
  }
}

function completion({ booking_id, end_time }: { readonly booking_id: string; readonly end_time: string }): Due {
  return { at: Date.parse(end_time), command: { type: 'complete-booking', booking_id } };
}

function expiry(booking_id: string, expiresAt: string): Due {
  return { at: Date.parse(expiresAt), command: { type: 'expire-request', booking_id } };
}
