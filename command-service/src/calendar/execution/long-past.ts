import type { EventStore } from '@agentcal/shared/event-store/port';
import type { Catalogue } from '@agentcal/shared/kernel/catalogue';
import { type Instant, minute } from '@agentcal/shared/kernel/time';
import type { CalendarEvent } from '../events.ts';

/** A booking that nobody has said the end of, and the revision at which the log says so. */
export interface Unfinished {
  readonly accountId: string;
  readonly revision: number;
  readonly end: Instant;
  /** Until when it waited for the host. Absent: it was confirmed. */
  readonly expiresAt?: Instant;
}

/**
 * What calendars have forgotten and still have to say: bookings that were never completed and requests that were never
 * declined, since nobody was there to do it for a month, or the log is older than whoever does. Read from the log, and
 * kept for the few calendars that were asked about last: old bookings come one after the other.
 */
export interface LongPast {
  /** Undefined of one that is over in any other way, or never was. */
  find(userId: string, bookingId: string): Promise<Unfinished | undefined>;
}

interface History {
  revision: number;
  readonly readAt: Instant;
  /** By booking. */
  readonly open: Map<string, Omit<Unfinished, 'revision'>>;
}

const keptCalendars = 8;
const keptMs = 10 * minute;

export function createLongPast(store: EventStore, catalogue: Catalogue, now: () => Instant): LongPast {
  const histories = new Map<string, History>();

  return {
    async find(userId, bookingId) {
      const streamId = `calendar-${userId}`;
      for (const [key, { readAt }] of histories) if (readAt < now() - keptMs) histories.delete(key);
      const history = histories.get(streamId) ?? { revision: -1, readAt: now(), open: new Map() };
      for await (const event of store.readStream(streamId, { fromRevision: history.revision + 1 })) {
        // Somebody else may be reading on in the same one.
        if (event.revision <= history.revision) continue;
        history.revision = event.revision;
        fold(history, catalogue.lift(event) as unknown as CalendarEvent);
      }
      histories.delete(streamId);
      histories.set(streamId, history);
      if (histories.size > keptCalendars) histories.delete(histories.keys().next().value!);
      const found = history.open.get(bookingId);
      return found && { ...found, revision: history.revision };
    },
  };
}

function fold({ open }: History, { type, data }: CalendarEvent): void {
  switch (type) {
    case 'calendar.booking-created.v1':
      open.set(data.booking_id, { accountId: data.account_id, end: Date.parse(data.end_time) });
      return;
    case 'calendar.booking-requested.v1':
      open.set(data.booking_id, { accountId: data.account_id, ...timesOf(data) });
      return;
    case 'calendar.booking-confirmed.v1': {
      const booking = open.get(data.booking_id);
      if (booking) open.set(data.booking_id, { accountId: booking.accountId, end: booking.end });
      return;
    }
    case 'calendar.booking-rescheduled.v1': {
      const booking = open.get(data.booking_id);
      if (booking) open.set(data.booking_id, { ...booking, ...timesOf(data) });
      return;
    }
    case 'calendar.booking-declined.v1':
    case 'calendar.booking-cancelled.v1':
    case 'calendar.booking-completed.v1':
    case 'calendar.booking-no-show.v1':
      open.delete(data.booking_id);
      return;
    case 'calendar.opened.v1':
    case 'calendar.slot-held.v1':
    case 'calendar.hold-released.v1':
    case 'calendar.part-claimed.v1':
    case 'calendar.part-released.v1':
    case 'calendar.booking-linked.v1':
    case 'calendar.attendee-joined.v1':
    case 'calendar.attendee-left.v1':
    case 'calendar.external-busy-mirrored.v1':
  }
}

function timesOf({ end_time, expires_at }: { readonly end_time: string; readonly expires_at?: string }) {
  return { end: Date.parse(end_time), ...(expires_at !== undefined && { expiresAt: Date.parse(expires_at) }) };
}
