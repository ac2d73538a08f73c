import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { type History, type Listed, type Violation, violation } from './history.ts';

/** What followed the log, against the log: webhooks and lists. */
export function followerRules({ log, received, listed }: History): Violation[] {
  return [...webhookRules(log, received), ...listRules(log, listed)];
}

/** The stored events that a customer is told of, and the status that each leaves a booking in. */
const told: Readonly<Record<string, string | undefined>> = {
  'calendar.booking-created.v1': 'confirmed',
  'calendar.booking-requested.v1': 'pending',
  'calendar.booking-confirmed.v1': 'confirmed',
  'calendar.booking-declined.v1': 'declined',
  'calendar.booking-cancelled.v1': 'cancelled',
  'calendar.booking-completed.v1': 'completed',
  'calendar.booking-no-show.v1': 'no_show',
  'calendar.booking-rescheduled.v1': undefined,
};

/** At least once each, and those of one booking in the order of the log. */
function webhookRules(log: readonly RecordedEvent[], received: History['received']): Violation[] {
  const places = new Map(log.filter(({ type }) => type in told).map(({ id, position }) => [id, position]));
  const found: Violation[] = [];
  const heard = new Set<string>();
  const newest = new Map<string, bigint>();
  for (const { eventId, subject } of received) {
    const position = places.get(eventId);
    if (position === undefined) found.push(violation('told nothing else', `${subject}: ${eventId}`));
    if (position === undefined || heard.has(eventId)) continue;
    heard.add(eventId);
    if (position < (newest.get(subject) ?? 0n)) found.push(violation('told in order', `${subject}: ${eventId}`));
    newest.set(subject, position);
  }
  for (const { id, type, streamId, revision } of log) {
    if (type in told && !heard.has(id)) found.push(violation('told', `${type} at ${streamId}@${revision}`));
  }
  return found;
}

function listRules(log: readonly RecordedEvent[], listed: readonly Listed[]): Violation[] {
  const bookings = new Map<string, Omit<Listed, 'id'>>();
  for (const { type, data } of log) {
    if (!(type in told)) continue;
    const { booking_id, start_time } = data as { booking_id: string; start_time?: string };
    const before = bookings.get(booking_id);
    bookings.set(booking_id, {
      status: told[type] ?? before?.status ?? '',
      start: start_time ?? before?.start ?? '',
    });
  }
  const found = listed.flatMap(({ id, status, start }) => {
    const booking = bookings.get(id);
    bookings.delete(id);
    const same = booking?.status === status && Date.parse(booking.start) === Date.parse(start);
    return same ? [] : [violation('lists are folds', `${id}: ${status} ${start} for ${JSON.stringify(booking)}`)];
  });
  const missing = [...bookings.keys()].map((id) => violation('lists are folds', `${id} is missing`));
  return [...found, ...missing];
}
