import { type Static, Type } from 'typebox';
import { linkPurposes } from '../http/booking-link.ts';
import { type Instant, minute, toIso } from '../kernel/time.ts';
import { toLocalIso } from '../scheduling/zone.ts';
import type { BookingStatus } from './booking.ts';
import { bookingStatuses } from './booking.ts';
import { type ChangePolicy, judgeChange } from './change-policy.ts';

/**
 * A booking as whoever has one of its links sees it: what is in the attendee's invitation anyway. No ids, nobody's
 * address, no answers, no metadata.
 */
export const PublicBooking = Type.Object(
  {
    status: Type.Enum(bookingStatuses),
    start_time: Type.String(),
    end_time: Type.String(),
    duration_minutes: Type.Integer(),
    local_start: Type.String(),
    /** Of `local_start`: the attendee's, where it is known. */
    timezone: Type.String(),
    /** `null` while only the booking itself knows of it. */
    event_type: Type.Union([
      Type.Object({ name: Type.String(), location: Type.Union([Type.String(), Type.Null()]) }),
      Type.Null(),
    ]),
    business: Type.String(),
    /** Who attends; `null` for whoever has left. */
    hosts: Type.Array(Type.Union([Type.String(), Type.Null()])),
    meeting_url: Type.Union([Type.String(), Type.Null()]),
    can: Type.Array(Type.Enum(linkPurposes), { description: 'What this link can still do, now' }),
  },
  { title: 'PublicBooking' },
);
export type PublicBooking = Static<typeof PublicBooking>;

export interface PublicBookingFacts {
  readonly status: BookingStatus;
  readonly start: Instant;
  readonly end: Instant;
  readonly timezone: string;
  readonly business: string;
  readonly hosts: readonly (string | null)[];
  readonly meetingUrl: string | null;
  readonly eventType: {
    readonly name: string;
    readonly location?: string;
    readonly cancellation?: ChangePolicy;
    readonly rescheduling?: ChangePolicy;
  } | null;
  readonly purpose: PublicBooking['can'][number];
  /** False where it is closed, or where the link's own seat has been given back. */
  readonly open: boolean;
  readonly at: Instant;
}

/** The one way in which a link shows its booking, to whoever reads and to whoever has just changed it. */
export function publicBookingView(facts: PublicBookingFacts): PublicBooking {
  const { start, end, timezone, eventType, purpose, at } = facts;
  const policy = purpose === 'cancel' ? eventType?.cancellation : eventType?.rescheduling;
  const may = facts.open && judgeChange(policy ?? {}, { side: 'attendee', start, at }) === undefined;
  return {
    status: facts.status,
    start_time: toIso(start),
    end_time: toIso(end),
    duration_minutes: (end - start) / minute,
    local_start: toLocalIso(start, timezone),
    timezone,
    event_type: eventType && { name: eventType.name, location: eventType.location ?? null },
    business: facts.business,
    hosts: [...facts.hosts],
    meeting_url: facts.meetingUrl,
    can: may ? [purpose] : [],
  };
}
