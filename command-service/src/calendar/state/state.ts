import type { Instant, Interval } from '@agentcal/shared/kernel/time';
import type { BookingStatus } from '@agentcal/shared/resources/booking';
import type { Claim } from '@agentcal/shared/scheduling/model';
import type { Sealed } from '@agentcal/shared/vault/port';
import type { Part } from '../events.ts';
import { emptyList, find, type SortedList } from './sorted-list.ts';
import type { TakenTime } from './taken.ts';

/**
 * What a calendar's events come to: only what can still matter to a command. What leaves it, and when, is in
 * `retention.ts`. Nothing in it is ever written to: every event makes a new state that shares most of the old one.
 */
export interface CalendarState {
  /** Absent until the calendar has been opened. */
  readonly userId?: string;
  readonly accountId?: string;
  /** Every hold and booking that can still be asked about, by id. */
  readonly records: SortedList<CalendarRecord>;
  /** Those of them that take time or have taken it, by start. May hold some that have expired. */
  readonly claims: SortedList<ClaimRecord>;
  /** Of bookings that are no records any more: what limits still count. */
  readonly taken: TakenTime;
  /** Holds neither released nor booked. May hold some that have expired. */
  readonly openHolds: readonly HoldRecord[];
  /** By source: sorted, none meeting another. */
  readonly busy: Readonly<Record<string, readonly Interval[]>>;
  /** How far claims of this calendar have ever reached before and after their start, buffers included. */
  readonly reach: { readonly beforeMs: number; readonly afterMs: number };
  /** When the last event happened: the newest time that the fold knows of. */
  readonly latest: Instant;
  readonly sweptAt: Instant;
  /** Events since then. */
  readonly changes: number;
}

export type CalendarRecord = ClaimRecord | Tombstone;
export type ClaimRecord = BookingRecord | HoldRecord | PartRecord;

export interface BookingRecord extends Claim {
  readonly kind: 'booking';
  readonly status: BookingStatus;
  /** Stream revision of the last event about it: its ETag. */
  readonly revision: number;
  readonly details: BookingDetails;
  /** Who has or had a seat, in order, where the event type has seats. */
  readonly seats?: readonly Seat[];
  /** Everybody who attends, the lead first. Absent: the calendar's user alone. */
  readonly userIds?: readonly string[];
  /** What it has of others' calendars. */
  readonly parts?: readonly Part[];
  /** The calendar's user is none of its hosts: it is recorded here, and takes no time. */
  readonly elsewhere?: boolean;
  readonly seriesId?: string;
}

/** What answers and later events need to know of a booking, and judging does not. */
export interface BookingDetails {
  readonly attendee: Sealed;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Of its cancellation. */
  readonly reason?: Sealed;
  /** Its event in an external calendar, once it has been written there. */
  readonly calendarEventId?: string;
  readonly meetingUrl?: string;
}

export interface Seat {
  readonly id: string;
  readonly attendee: Sealed;
  readonly left: boolean;
}

export interface HoldRecord extends Claim {
  readonly kind: 'hold';
  readonly holder: string;
  readonly placedAt: Instant;
  readonly expiresAt: Instant;
  readonly outcome: 'open' | 'released' | 'booked';
  /** As in a booking. */
  readonly userIds?: readonly string[];
  readonly parts?: readonly Part[];
  readonly planId?: string;
}

/** Time that a plan has claimed, for a booking that is recorded in this calendar or another one. */
export interface PartRecord extends Claim {
  readonly kind: 'part';
  readonly bookingId: string;
  readonly planId: string;
  readonly claimedAt: Instant;
}

/** A part or hold that is not to be claimed any more: it was released, maybe before it was here, or has become a booking. */
export interface Tombstone {
  readonly kind: 'tombstone';
  readonly id: string;
  readonly at: Instant;
}

export const initialCalendar: CalendarState = {
  records: emptyList,
  claims: emptyList,
  taken: {},
  openHolds: [],
  busy: {},
  reach: { beforeMs: 0, afterMs: 0 },
  latest: 0,
  sweptAt: 0,
  changes: 0,
};

export const byId = (a: { readonly id: string }, b: { readonly id: string }) =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

export const byStart = (
  a: { readonly start: Instant; readonly id: string },
  b: { readonly start: Instant; readonly id: string },
) => a.start - b.start || byId(a, b);

export function bookingOf(state: CalendarState, bookingId: string): BookingRecord | undefined {
  const record = find<{ readonly id: string }, CalendarRecord>(state.records, { id: bookingId }, byId);
  return record?.kind === 'booking' ? record : undefined;
}

export function holdOf(state: CalendarState, holdId: string): HoldRecord | undefined {
  const record = find<{ readonly id: string }, CalendarRecord>(state.records, { id: holdId }, byId);
  return record?.kind === 'hold' ? record : undefined;
}

export function partOf(state: CalendarState, partId: string): PartRecord | Tombstone | undefined {
  const record = find<{ readonly id: string }, CalendarRecord>(state.records, { id: partId }, byId);
  return record?.kind === 'part' || record?.kind === 'tombstone' ? record : undefined;
}

/** Whether a record takes time at that instant: what has expired does not, whether or not anything swept it. */
export function isLive({ expiresAt }: Pick<Claim, 'expiresAt'>, at: Instant): boolean {
  return expiresAt === undefined || expiresAt > at;
}

/** Whether a booking takes time of the calendar that records it, or has taken it. */
export function takesTime({ status, elsewhere }: BookingRecord): boolean {
  return !isFreed(status) && elsewhere !== true;
}

/** Statuses whose time is free again. */
export function isFreed(status: BookingStatus): boolean {
  return status === 'cancelled' || status === 'declined';
}
