import { deriveCalendarItemId } from '@agentcal/shared/kernel/ids';
import { hour, type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import { defaultSchedule } from '@agentcal/shared/resources/user';
import type {
  CancelBooking,
  CreateBooking,
  LeaveSeat,
  LinkBooking,
  MirrorExternalBusy,
  PlaceHold,
  ReleaseHold,
  RescheduleBooking,
  Rules,
} from './commands.ts';
import { ttlSeconds } from './deciders/holds.ts';
import type { CalendarEvent } from './events.ts';

/** One calendar for tests and docs: a consultant in London, who is booked for half-hours on Monday 4 May 2026. */
export const userId = 'user_0000000000000000000000ar';
export const accountId = 'acct_0000000000000000000000ac';
export const eventTypeId = 'evt_0000000000000000000000ev';
export const sealedAttendee = { kid: 'key-1', sealed: 'c2VhbGVk' };
export const sealedReason = { kid: 'key-1', sealed: 'cmVhc29u' };

export const at = (iso: string): Instant => Date.parse(iso);
/** The Friday before, at noon: when things are asked unless a test says otherwise. */
export const friday = at('2026-05-01T12:00:00Z');
/** 10:00 in London. */
export const ten = at('2026-05-04T09:00:00Z');
export const halfPastTen = ten + 30 * minute;
export const eleven = ten + hour;

export const bookingId = (name = 'one') => deriveCalendarItemId('booking', userId, name);
export const holdId = (name = 'one') => deriveCalendarItemId('hold', userId, name);

const schedule = defaultSchedule('Europe/London');

export function rules({ terms = {}, host = {}, ...rest }: RulesChange = {}): Rules {
  return {
    eventTypeId,
    eventTypeRevision: 0,
    terms: { duration_minutes: 30, buffer_before: 0, buffer_after: 0, min_notice_minutes: 0, ...terms },
    host: { schedule, away: [], ...host },
    shownIn: 'Europe/London',
    ...rest,
  };
}
type RulesChange = Partial<Omit<Rules, 'terms' | 'host'>> & {
  readonly terms?: Partial<Rules['terms']>;
  readonly host?: Partial<Rules['host']>;
};

const asked = { userId, accountId, at: friday };
const askedOf = { ...asked, bookingId: bookingId() };

export function book(change: Partial<CreateBooking['data']> & { readonly name?: string } = {}): CreateBooking {
  const { name = 'one', ...data } = change;
  return {
    type: 'CreateBooking',
    data: {
      ...asked,
      bookingId: bookingId(name),
      seatId: seatId(name),
      time: { start: ten },
      attendee: sealedAttendee,
      metadata: {},
      rules: rules(),
      ...data,
    },
  };
}

export const hold = (change: Partial<PlaceHold['data']> = {}): PlaceHold => ({
  type: 'PlaceHold',
  data: {
    ...asked,
    holdId: holdId(),
    start: ten,
    ttlSeconds: ttlSeconds.default,
    holder: 'key_1',
    rules: rules(),
    ...change,
  },
});

export const release = (change: Partial<ReleaseHold['data']> = {}): ReleaseHold => ({
  type: 'ReleaseHold',
  data: { ...asked, holdId: holdId(), ...change },
});

export const reschedule = (change: Partial<RescheduleBooking['data']> = {}): RescheduleBooking => ({
  type: 'RescheduleBooking',
  data: { ...askedOf, start: eleven, confirmWithinMs: 24 * hour, rules: rules(), ...change },
});

export const cancel = (change: Partial<CancelBooking['data']> = {}): CancelBooking => ({
  type: 'CancelBooking',
  data: { ...askedOf, ...change },
});

export const leave = (change: Partial<LeaveSeat['data']> = {}): LeaveSeat => ({
  type: 'LeaveSeat',
  data: { ...askedOf, seatId: seatId('one'), ...change },
});

export const link = (change: Partial<LinkBooking['data']> = {}): LinkBooking => ({
  type: 'LinkBooking',
  data: { ...askedOf, calendarEventId: 'external-1', ...change },
});

/** The commands that need nothing but a booking's id. */
export function ask<
  Type extends 'ConfirmBooking' | 'DeclineBooking' | 'ExpireRequest' | 'CompleteBooking' | 'MarkNoShow',
>(type: Type, change: Partial<typeof askedOf> & { readonly ifRevision?: number } = {}) {
  return { type, data: { ...askedOf, ...change } };
}

export const mirror = (change: Partial<MirrorExternalBusy['data']> = {}): MirrorExternalBusy => ({
  type: 'MirrorExternalBusy',
  data: {
    ...asked,
    source: 'conn_1:primary',
    window: { start: at('2026-05-01T00:00:00Z'), end: at('2026-06-01T00:00:00Z') },
    busy: [],
    ...change,
  },
});

export function seatId(name: string): string {
  return `seat_${name}`;
}

// What happened.

type Data<Type extends CalendarEvent['type']> = Extract<CalendarEvent, { type: Type }>['data'];

export const opened: CalendarEvent = {
  type: 'calendar.opened.v1',
  data: { user_id: userId, account_id: accountId },
};

export const judgedBy = {
  event_type_revision: 0,
  duration_minutes: 30,
  buffer_before: 0,
  buffer_after: 0,
  timezone: 'Europe/London',
};
const times = (start: Instant) => ({ start_time: toIso(start), end_time: toIso(start + 30 * minute) });
const of = { booking_id: bookingId(), user_id: userId };

function bookedData({
  start = ten,
  ...change
}: { start?: Instant } & Partial<Data<'calendar.booking-created.v1'>> = {}) {
  return {
    ...of,
    account_id: accountId,
    event_type_id: eventTypeId,
    ...times(start),
    attendee: sealedAttendee,
    metadata: {},
    judged_by: judgedBy,
    ...change,
  };
}

export const booked = (change: Parameters<typeof bookedData>[0] = {}): CalendarEvent => ({
  type: 'calendar.booking-created.v1',
  data: bookedData(change),
});

export const requested = (change: Parameters<typeof bookedData>[0] & { expires_at?: string } = {}): CalendarEvent => ({
  type: 'calendar.booking-requested.v1',
  data: { expires_at: toIso(friday + 24 * hour), ...bookedData(change) },
});

export const held = ({
  start = ten,
  ...change
}: { start?: Instant } & Partial<Data<'calendar.slot-held.v1'>> = {}): CalendarEvent => ({
  type: 'calendar.slot-held.v1',
  data: {
    hold_id: holdId(),
    user_id: userId,
    account_id: accountId,
    event_type_id: eventTypeId,
    ...times(start),
    expires_at: toIso(friday + 5 * minute),
    holder: 'key_1',
    judged_by: judgedBy,
    ...change,
  },
});

export const released = (): CalendarEvent => ({
  type: 'calendar.hold-released.v1',
  data: { hold_id: holdId(), user_id: userId },
});

export const rescheduled = ({
  from = ten,
  to = eleven,
  ...change
}: { from?: Instant; to?: Instant } & Partial<Data<'calendar.booking-rescheduled.v1'>> = {}): CalendarEvent => ({
  type: 'calendar.booking-rescheduled.v1',
  data: {
    ...of,
    ...times(to),
    judged_by: judgedBy,
    previous_start_time: toIso(from),
    previous_end_time: toIso(from + 30 * minute),
    user_ids: [userId],
    ...change,
  },
});

export const cancelled = (change: Partial<Data<'calendar.booking-cancelled.v1'>> = {}): CalendarEvent => ({
  type: 'calendar.booking-cancelled.v1',
  data: { ...of, ...change },
});

export const confirmed = (): CalendarEvent => ({ type: 'calendar.booking-confirmed.v1', data: of });
export const completed = (): CalendarEvent => ({ type: 'calendar.booking-completed.v1', data: of });
export const noShow = (): CalendarEvent => ({ type: 'calendar.booking-no-show.v1', data: of });

export const declined = (change: Partial<Data<'calendar.booking-declined.v1'>> = {}): CalendarEvent => ({
  type: 'calendar.booking-declined.v1',
  data: { ...of, cause: 'host', ...change },
});

export const linked = (change: Partial<Data<'calendar.booking-linked.v1'>> = {}): CalendarEvent => ({
  type: 'calendar.booking-linked.v1',
  data: { ...of, calendar_event_id: 'external-1', ...change },
});

export const joined = (name: string, change: Partial<Data<'calendar.attendee-joined.v1'>> = {}): CalendarEvent => ({
  type: 'calendar.attendee-joined.v1',
  data: { ...of, seat_id: seatId(name), attendee: sealedAttendee, metadata: {}, ...change },
});

export const left = (name: string, change: Partial<Data<'calendar.attendee-left.v1'>> = {}): CalendarEvent => ({
  type: 'calendar.attendee-left.v1',
  data: { ...of, seat_id: seatId(name), ...change },
});

export const mirrored = (
  busy: readonly (readonly [string, string])[],
  change: Partial<Data<'calendar.external-busy-mirrored.v1'>> = {},
): CalendarEvent => ({
  type: 'calendar.external-busy-mirrored.v1',
  data: {
    user_id: userId,
    account_id: accountId,
    source: 'conn_1:primary',
    window_start: '2026-05-01T00:00:00Z',
    window_end: '2026-06-01T00:00:00Z',
    busy: busy.map(([start_time, end_time]) => ({ start_time, end_time })),
    ...change,
  },
});

export const partClaimed = ({
  name,
  start = ten,
  ...change
}: { name: string; start?: Instant } & Partial<Data<'calendar.part-claimed.v1'>>): CalendarEvent => ({
  type: 'calendar.part-claimed.v1',
  data: {
    ...{ part_id: `part_${name}`, plan_id: 'plan', booking_id: `bkg_${name}`, user_id: userId, account_id: accountId },
    ...{ event_type_id: eventTypeId, ...times(start), judged_by: judgedBy, ...change },
  },
});

export const partReleased = (name: string): CalendarEvent => ({
  type: 'calendar.part-released.v1',
  data: { part_id: `part_${name}`, user_id: userId },
});
