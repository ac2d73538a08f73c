import type { Command } from '@agentcal/shared/kernel/decider';
import type { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant, Interval } from '@agentcal/shared/kernel/time';
import type { ChangePolicy, Side } from '@agentcal/shared/resources/change-policy';
import type { HostCalendar, Hours, Terms } from '@agentcal/shared/scheduling/model';
import type { Sealed } from '@agentcal/shared/vault/port';
import type { JudgedBy, Part } from './events.ts';
import type { Unfinished } from './execution/long-past.ts';

/**
 * Everything that may be asked of one user's calendar. Each carries what it is judged by: the clock (`at`), and
 * what the user's and the event type's streams said (`rules`). Personal data has been sealed before.
 */
export type CalendarCommand =
  | PlaceHold
  | ReleaseHold
  | CreateBooking
  | ConfirmBooking
  | DeclineBooking
  | ExpireRequest
  | RescheduleBooking
  | CancelBooking
  | LeaveSeat
  | LinkBooking
  | CompleteBooking
  | MarkNoShow
  | ClaimParts
  | ReleaseParts
  | SettleBookings
  | SettleMove
  | MirrorExternalBusy
  | RepeatOnly;

/** What a start is judged by besides the calendar itself. */
export interface Rules {
  readonly eventTypeId: string;
  readonly eventTypeRevision: number;
  readonly terms: Terms;
  readonly host: Omit<HostCalendar, 'userId' | 'busy' | 'claims'>;
  /** Hours that hold besides the host's own. */
  readonly within?: Hours;
  /** Whose local hour the grid follows, where hosts meet across zones. Absent: the host's own. */
  readonly gridTimezone?: string;
  /** The zone in which alternatives are told, for a person to read. */
  readonly shownIn: string;
}

interface Asked {
  readonly userId: string;
  /** From the request's path: a calendar of another account answers as absent. */
  readonly accountId: string;
  readonly at: Instant;
}

/** About a booking that the calendar may have forgotten, as the log says it. */
interface MaybeForgotten {
  readonly forgotten?: Unfinished;
}

interface AskedOfBooking extends Asked {
  readonly bookingId: string;
  /** From `If-Match`: refused unless the booking last changed at this revision. */
  readonly ifRevision?: number | undefined;
}

export type PlaceHold = Command<
  'PlaceHold',
  Asked & {
    readonly holdId: string;
    readonly start: Instant;
    readonly durationMinutes?: number | undefined;
    readonly ttlSeconds: number;
    readonly holder: string;
    readonly rules: Rules;
  }
>;

export type ReleaseHold = Command<'ReleaseHold', Asked & { readonly holdId: string }>;

export type CreateBooking = Command<
  'CreateBooking',
  Asked & {
    readonly bookingId: string;
    /** Names the attendee's seat, where the event type has seats. */
    readonly seatId: string;
    readonly time: FreeTime | HeldTime;
    readonly attendee: Sealed;
    readonly metadata: Readonly<Record<string, string>>;
    /** Where the host has to confirm it: how long they have. */
    readonly confirmWithinMs?: number | undefined;
    readonly rules: Rules;
  }
>;
export interface FreeTime {
  readonly start: Instant;
  readonly durationMinutes?: number | undefined;
}
/** The time of a live hold, as it was judged when the hold was placed. */
export interface HeldTime {
  readonly holdId: string;
}

export type ConfirmBooking = Command<'ConfirmBooking', AskedOfBooking>;
export type DeclineBooking = Command<'DeclineBooking', AskedOfBooking & { readonly reason?: Sealed | undefined }>;
/** From a job, once a requested booking has waited long enough. Safe to repeat, early or late. */
export type ExpireRequest = Command<'ExpireRequest', AskedOfBooking & MaybeForgotten>;

/** On whose behalf a booking is changed, and what the event type lets them do. Neither: the organization's own. */
export interface Behalf {
  readonly by?: Side | undefined;
  readonly policy?: ChangePolicy | undefined;
}

export type RescheduleBooking = Command<
  'RescheduleBooking',
  AskedOfBooking &
    Behalf & {
      readonly start: Instant;
      readonly reason?: Sealed | undefined;
      /** How long the host has, where it still waits for them. */
      readonly confirmWithinMs: number;
      readonly rules: Rules;
    }
>;

export type CancelBooking = Command<
  'CancelBooking',
  AskedOfBooking & Behalf & { readonly reason?: Sealed | undefined }
>;

/** One attendee of several gives their seat back. */
export type LeaveSeat = Command<
  'LeaveSeat',
  AskedOfBooking & Behalf & { readonly seatId: string; readonly reason?: Sealed | undefined }
>;

/** From whoever writes external calendars. What is absent stays as it is. Safe to repeat, also of a booking that is over. */
export type LinkBooking = Command<
  'LinkBooking',
  AskedOfBooking & { readonly calendarEventId?: string | undefined; readonly meetingUrl?: string | undefined }
>;

/** From a job, at the end of the meeting. Safe to repeat, early or late. */
export type CompleteBooking = Command<'CompleteBooking', AskedOfBooking & MaybeForgotten>;
export type MarkNoShow = Command<'MarkNoShow', AskedOfBooking>;

/** From a plan: takes pieces of this calendar's time. Safe to repeat; what was given back meanwhile is refused. */
export type ClaimParts = Command<
  'ClaimParts',
  Asked & {
    readonly planId: string;
    readonly plannedAt: Instant;
    /** `all`: one that is refused refuses them all. */
    readonly mode: 'all' | 'fitting';
    readonly parts: readonly WantedPart[];
    /** Where they are holds. */
    readonly hold?: { readonly expiresAt: Instant; readonly holder: string };
  }
>;

export interface WantedPart {
  readonly partId: string;
  readonly bookingId: string;
  readonly start: Instant;
  readonly durationMinutes: number;
  readonly rules: Rules;
  /** The live hold that becomes this part. */
  readonly holdId?: string;
  /** The claim that is not in its way. */
  readonly insteadOf?: string;
  /** Of a booking that is being moved. */
  readonly moves?: boolean;
  /** Where it is the hold that the others belong to. */
  readonly hosts?: Hosts;
}

interface Hosts {
  readonly userIds: readonly string[];
  /** What it has of others' calendars. */
  readonly parts: readonly Part[];
}

/** From a plan that was undone, or about a booking that no longer needs them. Safe to repeat. */
export type ReleaseParts = Command<'ReleaseParts', Asked & { readonly partIds: readonly string[] }>;

/** From a completed plan, for the bookings that this calendar records. Safe to repeat. */
export type SettleBookings = Command<
  'SettleBookings',
  Asked & {
    readonly planId: string;
    readonly attendee: Sealed;
    readonly metadata: Readonly<Record<string, string>>;
    readonly seriesId?: string | undefined;
    readonly bookings: readonly (Settled & {
      readonly bookingId: string;
      readonly eventTypeId: string;
    })[];
  }
>;

interface Settled extends Interval, Hosts {
  /** Its part of this calendar. */
  readonly partId: string;
  readonly judgedBy: JudgedBy;
  /** Where it waits for the host. */
  readonly expiresAt?: Instant | undefined;
}

/** From a completed plan to move a booking of this calendar. `partId` is spent also where the user will not attend. */
export type SettleMove = Command<
  'SettleMove',
  AskedOfBooking &
    Settled & {
      readonly planId: string;
      readonly reason?: Sealed | undefined;
      readonly by?: 'host' | 'attendee' | undefined;
    }
>;

export type MirrorExternalBusy = Command<
  'MirrorExternalBusy',
  Asked & {
    readonly source: string;
    readonly window: Interval;
    /** In any order; may overlap and reach out of the window. */
    readonly busy: readonly Interval[];
  }
>;

/**
 * A request that can no longer be prepared, for the reason given: its slot was offered too long ago, its event type has
 * been retired since. If it is the repeat of one that succeeded, the executor knows it and answers it as before.
 */
export type RepeatOnly = Command<'RepeatOnly', { readonly refusal: Refusal }>;
