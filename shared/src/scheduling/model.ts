import { type Static, Type } from 'typebox';
import type { Instant, Interval } from '../kernel/time.ts';

/**
 * Words of time and slots.
 *
 * - schedule: wall-time rules in a zone; the truth a person meant. Instants follow from it.
 * - terms: the rules of an event type that decide what a slot is.
 * - claim: a piece of one calendar's time (a live hold, a pending or confirmed booking) with its own buffers.
 * - busy: time mirrored from an external calendar; it has no buffers of its own.
 * - slot: a start that can be booked now, for one event type and duration, with the hosts that can take it.
 *
 * `Schedule` and `Terms` have the wire's shape: the API, the log and the engine speak of the same thing.
 */

const wallTime = '^([01][0-9]|2[0-3]):[0-5][0-9]$';
const wallEnd = '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$';
const closed = { additionalProperties: false } as const;

export const LocalDate = Type.String({ format: 'date', description: 'A calendar date, YYYY-MM-DD' });
export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'IANA time zone, e.g. America/New_York',
});

/** Wall times `[start_time, end_time)`. An end that is not after its start is refused when it is set. */
export const Window = Type.Object(
  { start_time: Type.String({ pattern: wallTime }), end_time: Type.String({ pattern: wallEnd }) },
  closed,
);

export const Schedule = Type.Object(
  {
    timezone: TimeZone,
    rules: Type.Array(
      Type.Object(
        {
          day_of_week: Type.Integer({ minimum: 0, maximum: 6, description: '0 is Sunday' }),
          start_time: Type.String({ pattern: wallTime }),
          end_time: Type.String({ pattern: wallEnd }),
        },
        closed,
      ),
      { maxItems: 200 },
    ),
    overrides: Type.Optional(
      Type.Array(
        Type.Object(
          { date: LocalDate, windows: Type.Array(Window, { maxItems: 24, description: 'Empty closes the day' }) },
          closed,
        ),
        { maxItems: 1000 },
      ),
    ),
    travel: Type.Optional(
      Type.Array(
        Type.Object(
          { start_date: LocalDate, end_date: LocalDate, timezone: TimeZone },
          { ...closed, description: 'Both dates inclusive' },
        ),
        { maxItems: 100 },
      ),
    ),
    holidays: Type.Optional(
      Type.Object(
        {
          country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1, e.g. US' }),
          region: Type.Optional(Type.String({ minLength: 1, maxLength: 16, description: 'ISO 3166-2 after the dash' })),
        },
        { ...closed, description: 'Public holidays close the day, unless an override opens it' },
      ),
    ),
  },
  closed,
);
export type Schedule = Static<typeof Schedule>;

const minutesInDay = 1440;

export const BookingWindow = Type.Union([
  Type.Object(
    {
      type: Type.Union([Type.Literal('calendar_days'), Type.Literal('business_days'), Type.Literal('open_days')]),
      days: Type.Integer({ minimum: 1, maximum: 730 }),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('range'), start_date: LocalDate, end_date: LocalDate }, closed),
]);

export const Limit = Type.Object(
  {
    per: Type.Union([Type.Literal('day'), Type.Literal('week'), Type.Literal('month'), Type.Literal('year')]),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
  },
  { ...closed, description: 'How many bookings (or how many minutes of them) fit into one period of the host' },
);
export type Limit = Static<typeof Limit>;

const Minutes = Type.Integer({ minimum: 0, maximum: 10 * minutesInDay });

/** What decides which starts of an event type can be booked. */
export const Terms = Type.Object(
  {
    duration_minutes: Type.Integer({ minimum: 1, maximum: minutesInDay }),
    /** When present it holds `duration_minutes` too, and a booking may name any of them. */
    durations: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: minutesInDay }), { minItems: 1, maxItems: 20, uniqueItems: true }),
    ),
    slot_interval_minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: minutesInDay })),
    start_offset_minutes: Type.Optional(Type.Integer({ minimum: 0, maximum: minutesInDay })),
    buffer_before: Minutes,
    buffer_after: Minutes,
    min_notice_minutes: Type.Integer({ minimum: 0, maximum: 366 * minutesInDay }),
    booking_window: Type.Optional(BookingWindow),
    limits: Type.Optional(Type.Array(Limit, { maxItems: 8 })),
    seats: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    starts: Type.Optional(Type.Union([Type.Literal('aligned'), Type.Literal('any')])),
    /**
     * Only the first slot of each of the host's days is listed, whatever part of the day was asked for, so that days
     * fill from the front. Not a rule of booking.
     */
    first_slot_of_day_only: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type Terms = Static<typeof Terms>;

/** A claim as the engine sees it. Cancelled and declined bookings and expired holds are not claims. */
export interface Claim extends Interval {
  readonly id: string;
  readonly eventTypeId: string;
  readonly bufferBeforeMs: number;
  readonly bufferAfterMs: number;
  /** A hold blocks nothing from this instant on. Absent on bookings. */
  readonly expiresAt?: Instant;
  /** Attendees so far, where the event type has seats. */
  readonly seatsTaken?: number;
}

/** A schedule with the public holidays it asks for, as dates: the engine looks up nothing (holidays.ts does). */
export interface Hours {
  readonly schedule: Schedule;
  /** `YYYY-MM-DD`; each closes its day unless the schedule has an override for it. */
  readonly holidays?: readonly string[];
}

/**
 * Everything that makes one user's time free or not. Arrays need not be sorted.
 * Schedules and holiday lists are read once per object and remembered: replace them, do not change them in place.
 */
export interface HostCalendar extends Hours {
  readonly userId: string;
  /** The user's own limits: over all their bookings, of whatever event type. */
  readonly limits?: readonly Limit[];
  /** Out-of-office. */
  readonly away: readonly Interval[];
  readonly busy: readonly Interval[];
  readonly claims: readonly Claim[];
}

/** Why a start cannot be booked; also the problem code of a refused booking. */
export type Reason =
  | 'outside_hours'
  | 'slot_taken'
  | 'too_soon'
  | 'outside_window'
  | 'limit_reached'
  | 'off_grid'
  | 'duration_not_offered';

/** One host, one event type, one duration. */
export interface SlotQuery {
  readonly terms: Terms;
  readonly eventTypeId: string;
  readonly host: HostCalendar;
  /** Minutes; default `terms.duration_minutes`. */
  readonly durationMinutes?: number;
  readonly now: Instant;
  /** A booking being rescheduled, or a hold being turned into a booking: it is not in its own way. */
  readonly ignoreClaimId?: string;
  /** Hours that hold besides the host's own, e.g. the account's opening hours. */
  readonly within?: Hours;
  /** Whose local hour the grid follows where hosts meet across zones. Default: the host's own. */
  readonly gridTimezone?: string;
}

/** `joins` names the claim that the start would join as a further attendee: nothing new is claimed then. */
export type Verdict = { readonly ok: true; readonly joins?: string } | { readonly ok: false; readonly reason: Reason };
