import type { CalendarEvent } from '@agentcal/command-service/calendar/events';
import type { SchedulingEvent } from '@agentcal/command-service/scheduling/events';
import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import type { Found } from './check.ts';

interface Booking {
  readonly isOpen: boolean;
  readonly start: string;
  readonly partIds: readonly string[];
}

/** Plans have come to an end: no calendar has a part that no booking needs, and none is missing where one does. */
export function checkPlans({ log }: Pick<Found, 'log'>): string[] {
  const parts = new Map<string, string>();
  const bookings = new Map<string, Booking>();
  const plans = new Map<string, RecordedEvent<SchedulingEvent>>();
  for (const event of log) {
    if (event.streamId.startsWith('scheduling-')) plans.set(event.streamId, event as RecordedEvent<SchedulingEvent>);
    if (event.streamId.startsWith('calendar-')) tell(event as RecordedEvent<CalendarEvent>, parts, bookings);
  }
  const needed = new Map<string, string>();
  for (const { isOpen, start, partIds } of bookings.values())
    if (isOpen) for (const id of partIds) needed.set(id, start);
  return [
    ...[...plans.values()].flatMap(faultsOfPlan(bookings)),
    ...[...parts].flatMap(([id]) => (needed.has(id) ? [] : [`${id} is an orphan`])),
    ...[...needed].flatMap(([id, start]) =>
      parts.get(id) === start ? [] : [`${id} of a booking at ${start} is ${parts.get(id) ?? 'not there'}`],
    ),
  ];
}

const faultsOfPlan =
  (bookings: Map<string, Booking>) =>
  ({ streamId, type, data }: RecordedEvent<SchedulingEvent>): string[] => {
    if (type === 'scheduling.undone.v1') return [];
    if (type !== 'scheduling.completed.v1') return [`${streamId} has come to no end: ${type}`];
    const missing = data.booking_ids.filter((id) => id.startsWith('bkg_') && !bookings.has(id));
    return missing.map((id) => `${streamId} is completed, and ${id} is not there`);
  };

function tell(event: RecordedEvent<CalendarEvent>, parts: Map<string, string>, bookings: Map<string, Booking>): void {
  const { type, data } = event;
  switch (type) {
    case 'calendar.part-claimed.v1':
      parts.set(data.part_id, data.start_time);
      return;
    case 'calendar.part-released.v1':
      parts.delete(data.part_id);
      return;
    case 'calendar.booking-created.v1':
    case 'calendar.booking-requested.v1':
    case 'calendar.booking-rescheduled.v1': {
      parts.delete(data.part_id ?? '');
      const partIds = (data.parts ?? []).map(({ part_id }) => part_id);
      bookings.set(data.booking_id, { isOpen: true, start: data.start_time, partIds });
      return;
    }
    case 'calendar.booking-cancelled.v1':
    case 'calendar.booking-declined.v1':
      bookings.set(data.booking_id, { isOpen: false, start: '', partIds: [] });
      return;
    case 'calendar.opened.v1':
    case 'calendar.slot-held.v1':
    case 'calendar.hold-released.v1':
    case 'calendar.booking-confirmed.v1':
    case 'calendar.booking-linked.v1':
    case 'calendar.booking-completed.v1':
    case 'calendar.booking-no-show.v1':
    case 'calendar.attendee-joined.v1':
    case 'calendar.attendee-left.v1':
    case 'calendar.external-busy-mirrored.v1':
      return;
  }
}
