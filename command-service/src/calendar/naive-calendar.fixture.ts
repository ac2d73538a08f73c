import { type Instant, minute } from '@agentcal/shared/kernel/time';
import type { Claim, HostCalendar } from '@agentcal/shared/scheduling/model';
import type { Rules } from './commands.ts';
import type { CalendarEvent } from './events.ts';

/**
 * The calendar told again, slowly and obviously, for tests: every event in a plain map, nothing ever forgotten,
 * nothing narrowed down. Shares no code with the fold that it is held against.
 */
export class NaiveCalendar {
  readonly claims = new Map<string, NaiveClaim>();
  readonly busy = new Map<string, { start: Instant; end: Instant }[]>();

  apply({ type, data }: CalendarEvent): void {
    switch (type) {
      case 'calendar.opened.v1':
        return;
      case 'calendar.slot-held.v1':
        this.claims.set(data.hold_id, {
          ...claimOf(data),
          id: data.hold_id,
          kind: 'hold',
          seatsTaken: 1,
          seats: [],
          expiresAt: Date.parse(data.expires_at),
        });
        return;
      case 'calendar.hold-released.v1':
        this.claims.delete(data.hold_id);
        return;
      case 'calendar.booking-created.v1':
      case 'calendar.booking-requested.v1':
        this.claims.delete(data.hold_id ?? '');
        this.claims.delete(data.part_id ?? '');
        this.claims.set(data.booking_id, {
          ...claimOf(data),
          id: data.booking_id,
          kind: 'booking',
          seatsTaken: 1,
          seats: data.seat_id === undefined ? [] : [data.seat_id],
          ...('expires_at' in data && { expiresAt: Date.parse(data.expires_at as string) }),
        });
        return;
      case 'calendar.booking-confirmed.v1':
        delete this.#booking(data.booking_id).expiresAt;
        return;
      case 'calendar.part-claimed.v1':
        this.claims.delete(data.hold_id ?? '');
        this.claims.set(data.part_id, {
          ...claimOf(data),
          ...{ id: data.part_id, kind: 'part', seatsTaken: 1, seats: [], bookingId: data.booking_id },
        });
        return;
      case 'calendar.part-released.v1':
        this.claims.delete(data.part_id);
        return;
      case 'calendar.booking-rescheduled.v1':
        this.claims.delete(data.part_id ?? '');
        Object.assign(this.#booking(data.booking_id), {
          start: Date.parse(data.start_time),
          end: Date.parse(data.end_time),
          bufferBeforeMs: data.judged_by.buffer_before * minute,
          bufferAfterMs: data.judged_by.buffer_after * minute,
          ...(data.expires_at && { expiresAt: Date.parse(data.expires_at) }),
          ...(data.user_ids && { elsewhere: !data.user_ids.includes(data.user_id) }),
        });
        return;
      case 'calendar.booking-declined.v1':
      case 'calendar.booking-cancelled.v1':
        this.claims.delete(data.booking_id);
        return;
      case 'calendar.booking-completed.v1':
      case 'calendar.booking-no-show.v1':
        return;
      case 'calendar.attendee-joined.v1':
        this.claims.delete(data.hold_id ?? '');
        this.#booking(data.booking_id).seatsTaken += 1;
        this.#booking(data.booking_id).seats.push(data.seat_id);
        return;
      case 'calendar.attendee-left.v1':
        this.#booking(data.booking_id).seatsTaken -= 1;
        return;
      case 'calendar.external-busy-mirrored.v1':
        // Tests mirror one window only, so that the last word is the whole of it.
        this.busy.set(
          data.source,
          data.busy.map(({ start_time, end_time }) => ({ start: Date.parse(start_time), end: Date.parse(end_time) })),
        );
    }
  }

  /** What takes time at that instant. */
  live(at: Instant): NaiveClaim[] {
    return [...this.claims.values()].filter((claim) => {
      return !claim.elsewhere && (claim.expiresAt === undefined || claim.expiresAt > at);
    });
  }

  /** The whole of it, as the engine takes it. */
  host(rules: Rules, at: Instant): HostCalendar {
    return { ...rules.host, userId: 'user', busy: [...this.busy.values()].flat(), claims: this.live(at) };
  }

  #booking(id: string): NaiveClaim {
    return this.claims.get(id)!;
  }
}

export interface NaiveClaim extends Claim {
  kind: 'hold' | 'booking' | 'part';
  /** Recorded here, and taking no time here. */
  elsewhere?: boolean;
  /** Of a part. */
  bookingId?: string;
  seatsTaken: number;
  /** Everybody who ever had one. */
  seats: string[];
  expiresAt?: Instant;
}

type Claimed = Extract<CalendarEvent, { type: 'calendar.booking-created.v1' }>['data'];

function claimOf(data: Pick<Claimed, 'start_time' | 'end_time' | 'event_type_id' | 'judged_by'>) {
  return {
    eventTypeId: data.event_type_id,
    start: Date.parse(data.start_time),
    end: Date.parse(data.end_time),
    bufferBeforeMs: data.judged_by.buffer_before * minute,
    bufferAfterMs: data.judged_by.buffer_after * minute,
  };
}
