import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { type Violation, violation } from './history.ts';

/** In the end every plan is finished or undone, and every part is some booking's. */
export function planRules(log: readonly RecordedEvent[]): Violation[] {
  return [...endRules(log), ...partRules(log)];
}

interface Data {
  readonly plan_id: string;
  readonly kind: 'book' | 'hold' | 'move';
  readonly booking_id: string;
  readonly booking_ids: readonly string[];
  readonly part_id?: string;
  readonly parts?: readonly { readonly part_id: string }[];
}

const created = new Set(['calendar.booking-created.v1', 'calendar.booking-requested.v1']);
const moved = 'calendar.booking-rescheduled.v1';
const closed = new Set(['calendar.booking-cancelled.v1', 'calendar.booking-declined.v1']);

function endRules(log: readonly RecordedEvent[]): Violation[] {
  const found: Violation[] = [];
  const settled = new Set<string>();
  for (const { type, data } of log) {
    const { booking_id, plan_id } = data as Data;
    if (created.has(type)) settled.add(`book ${booking_id}`);
    if (type === moved) settled.add(`move ${booking_id} ${plan_id}`);
  }
  const plans = Map.groupBy(
    log.filter(({ streamId }) => streamId.startsWith('scheduling-')),
    ({ streamId }) => streamId,
  );
  for (const [streamId, events] of plans) {
    const last = events.at(-1)!;
    const { kind, plan_id } = events[0]!.data as Data;
    if (last.type === 'scheduling.undone.v1') continue;
    if (last.type !== 'scheduling.completed.v1') {
      found.push(violation('a plan ends', `${streamId}: ${last.type}`));
      continue;
    }
    for (const id of (last.data as Data).booking_ids) {
      const mark = kind === 'move' ? `move ${id} ${plan_id}` : `book ${id}`;
      if (kind !== 'hold' && !settled.has(mark)) found.push(violation('a plan ends', `${streamId}: no ${mark}`));
    }
  }
  return found;
}

function partRules(log: readonly RecordedEvent[]): Violation[] {
  const standing = new Map<string, string>();
  const wanted = new Map<string, readonly string[]>();
  for (const { type, data, streamId } of log) {
    const { booking_id, part_id = '', parts = [] } = data as Data;
    if (type === 'calendar.part-claimed.v1') standing.set(part_id, streamId);
    if (type === 'calendar.part-released.v1') standing.delete(part_id);
    if (created.has(type) || type === moved) {
      // Its own calendar's part has become the booking.
      standing.delete(part_id);
      wanted.set(
        booking_id,
        parts.map((part) => part.part_id),
      );
    }
    if (closed.has(type)) wanted.delete(booking_id);
  }
  const found: Violation[] = [];
  for (const [bookingId, parts] of wanted) {
    for (const part of parts) {
      if (!standing.delete(part)) found.push(violation('parts are of bookings', `${bookingId} lacks ${part}`));
    }
  }
  for (const [part, streamId] of standing) found.push(violation('parts are of bookings', `${streamId}: ${part}`));
  return found;
}
