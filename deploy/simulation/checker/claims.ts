import type { CalendarEvent } from '@agentcal/command-service/calendar/events';
import type { EventTypeEvent } from '@agentcal/command-service/event-type/events';
import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { type Instant, type Interval, minute } from '@agentcal/shared/kernel/time';
import type { Found } from './check.ts';

/** A piece of one calendar's time, told again from the log. */
interface Claim {
  readonly id: string;
  /** Of which it is, or of its own where it is a hold. */
  readonly bookingId: string;
  readonly eventTypeId: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly before: number;
  readonly after: number;
  /** Blocks nothing from then on. */
  readonly expiresAt: Instant | undefined;
  readonly seats: number;
  readonly isShared: boolean;
}

type Claims = Map<string, Claim>;
type SeatsOf = Map<string, number>;

interface Calendar {
  readonly claims: Claims;
  /**
   * Its own time, which only goes forward: a process whose clock is ahead ends holds for everybody, and one whose clock
   * is behind brings none back.
   */
  latest: Instant;
  /** Of external calendars, by source. */
  readonly busy: Map<string, readonly Interval[]>;
}

/** Invariant 1, at every event of every calendar: nobody was given time that somebody else had. */
export function checkClaims({ log }: Pick<Found, 'log'>): string[] {
  const calendars = new Map<string, Calendar>();
  const seatsOf = new Map<string, number>();
  return log.flatMap((recorded): string[] => {
    const event = recorded as RecordedEvent<CalendarEvent | EventTypeEvent>;
    if (event.type.startsWith('eventtype.')) noteSeats(event as RecordedEvent<EventTypeEvent>, seatsOf);
    if (!event.streamId.startsWith('calendar-')) return [];
    const calendar = calendars.get(event.streamId) ?? { claims: new Map<string, Claim>(), latest: 0, busy: new Map() };
    calendars.set(event.streamId, calendar);
    return faultsOf(calendar, event as RecordedEvent<CalendarEvent>, seatsOf).map((fault) => {
      return `${event.streamId} ${event.revision} ${event.type}: ${fault}`;
    });
  });
}

function faultsOf(calendar: Calendar, event: RecordedEvent<CalendarEvent>, seatsOf: SeatsOf): string[] {
  const { claims } = calendar;
  const at = Date.parse(event.metadata.occurred_at);
  calendar.latest = Math.max(calendar.latest, at);
  const misused = misuseOfHold(claims, event, at);
  const changed = apply(claims, event, seatsOf);
  noteBusy(calendar, event);
  return [
    ...misused,
    ...(changed && isJudged(event) ? meetings(calendar, changed) : []),
    ...(changed ? conflicts(claims, changed, calendar.latest, seatsOf) : []),
  ];
}

/** What has a part turned into, or is joined, is where it was. */
function isJudged({ type, data }: RecordedEvent<CalendarEvent>): boolean {
  return !('part_id' in data && type.startsWith('calendar.booking-')) && type !== 'calendar.attendee-joined.v1';
}

function meetings({ busy }: Calendar, claim: Claim): string[] {
  const met = [...busy.values()].flat().filter(({ start, end }) => {
    return claim.start - claim.before < end && start < claim.end + claim.after;
  });
  return met.map(
    ({ start }) => `${claim.id} is over what an external calendar has at ${new Date(start).toISOString()}`,
  );
}

/** What a source says of a window replaces what it said of it before. */
function noteBusy({ busy }: Calendar, { type, data }: RecordedEvent<CalendarEvent>): void {
  if (type !== 'calendar.external-busy-mirrored.v1') return;
  const window = { start: Date.parse(data.window_start), end: Date.parse(data.window_end) };
  const outside = (busy.get(data.source) ?? []).flatMap(({ start, end }) =>
    [
      { start, end: Math.min(end, window.start) },
      { start: Math.max(start, window.end), end },
    ].filter((left) => left.start < left.end),
  );
  const said = data.busy.map(({ start_time, end_time }) => ({
    start: Date.parse(start_time),
    end: Date.parse(end_time),
  }));
  busy.set(data.source, [...outside, ...said]);
}

const usesOfHolds = new Set([
  'calendar.booking-created.v1',
  'calendar.booking-requested.v1',
  'calendar.attendee-joined.v1',
  'calendar.part-claimed.v1',
]);

/** A hold turns into something else only while it is live. */
function misuseOfHold(claims: Claims, { type, data }: RecordedEvent<CalendarEvent>, at: Instant): string[] {
  const { hold_id: holdId } = data as { hold_id?: string };
  if (holdId === undefined || !usesOfHolds.has(type)) return [];
  const hold = claims.get(holdId);
  if (!hold) return [`${holdId} is used, and is not there`];
  return hold.expiresAt! > at ? [] : [`${holdId} is used after its time`];
}

function conflicts(claims: Claims, claim: Claim, at: Instant, seatsOf: SeatsOf): string[] {
  const live = [...claims.values()].filter(({ expiresAt }) => expiresAt === undefined || expiresAt > at);
  // A booking that is being moved is not in its own way.
  const others = live.filter(({ id, bookingId }) => id !== claim.id && bookingId !== claim.bookingId);
  const sharing = others.filter((other) => isSameMeeting(claim, other));
  const met = others.filter((other) => !sharing.includes(other) && meet(claim, other));
  const taken = sharing.reduce((sum, { seats }) => sum + seats, claim.seats);
  const seats = seatsOf.get(claim.eventTypeId) ?? 1;
  return [
    ...met.map(({ id }) => `${claim.id} overlaps ${id}`),
    ...(claim.isShared && taken > seats ? [`${taken} of ${seats} seats of ${claim.id} are taken`] : []),
  ];
}

/** Seats of one start are held and booked one by one, and are in nobody's way but by their number. */
function isSameMeeting(a: Claim, b: Claim): boolean {
  const same = a.eventTypeId === b.eventTypeId && a.start === b.start && a.end === b.end;
  return same && a.isShared && b.isShared;
}

function meet(a: Claim, b: Claim): boolean {
  return a.start - a.before < b.end + b.after && b.start - b.before < a.end + a.after;
}

/** Answers the claim that has taken time by this event, if one has. */
function apply(claims: Claims, { type, data }: RecordedEvent<CalendarEvent>, seatsOf: SeatsOf): Claim | undefined {
  const put = (claim: Claim) => {
    claims.set(claim.id, claim);
    return claim;
  };
  const known = (id: string) => claims.get(id)!;
  switch (type) {
    case 'calendar.slot-held.v1':
      return put({
        ...claimOf(data),
        id: data.hold_id,
        bookingId: data.hold_id,
        expiresAt: Date.parse(data.expires_at),
        isShared: seatsOf.has(data.event_type_id),
      });
    case 'calendar.part-claimed.v1':
      claims.delete(data.hold_id ?? '');
      return put({ ...claimOf(data), id: data.part_id, bookingId: data.booking_id });
    case 'calendar.booking-created.v1':
    case 'calendar.booking-requested.v1': {
      for (const id of [data.hold_id, data.part_id]) claims.delete(id ?? '');
      const expiresAt = 'expires_at' in data ? Date.parse(String(data.expires_at)) : undefined;
      const claim = {
        ...claimOf(data),
        id: data.booking_id,
        bookingId: data.booking_id,
        expiresAt,
        isShared: data.seat_id !== undefined,
      };
      return attends(data) ? put(claim) : undefined;
    }
    case 'calendar.booking-rescheduled.v1': {
      claims.delete(data.part_id ?? '');
      const before = claims.get(data.booking_id);
      const eventTypeId = data.event_type_id ?? before?.eventTypeId ?? '';
      const expiresAt = data.expires_at === undefined ? undefined : Date.parse(data.expires_at);
      const moved = {
        ...claimOf({ ...data, event_type_id: eventTypeId }),
        id: data.booking_id,
        bookingId: data.booking_id,
        expiresAt,
      };
      claims.delete(data.booking_id);
      if (!attends(data)) return undefined;
      return put({ ...moved, seats: before?.seats ?? 1, isShared: before?.isShared ?? false });
    }
    case 'calendar.booking-confirmed.v1': {
      const claim = claims.get(data.booking_id);
      return claim && put({ ...claim, expiresAt: undefined });
    }
    case 'calendar.attendee-joined.v1':
      claims.delete(data.hold_id ?? '');
      return put({ ...known(data.booking_id), seats: known(data.booking_id).seats + 1 });
    case 'calendar.attendee-left.v1':
      put({ ...known(data.booking_id), seats: known(data.booking_id).seats - 1 });
      return undefined;
    case 'calendar.hold-released.v1':
      claims.delete(data.hold_id);
      return undefined;
    case 'calendar.part-released.v1':
      claims.delete(data.part_id);
      return undefined;
    case 'calendar.booking-declined.v1':
    case 'calendar.booking-cancelled.v1':
      claims.delete(data.booking_id);
      return undefined;
    case 'calendar.opened.v1':
    case 'calendar.booking-linked.v1':
    case 'calendar.booking-completed.v1':
    case 'calendar.booking-no-show.v1':
    case 'calendar.external-busy-mirrored.v1':
      return undefined;
  }
}

/** A booking stays in its home calendar, also where the calendar's user is none of its hosts. */
function attends({ user_id, user_ids }: { readonly user_id: string; readonly user_ids?: readonly string[] }): boolean {
  return user_ids === undefined || user_ids.includes(user_id);
}

type Claimed = Pick<
  Extract<CalendarEvent, { type: 'calendar.slot-held.v1' }>['data'],
  'event_type_id' | 'start_time' | 'end_time' | 'judged_by'
>;

function claimOf({ event_type_id, start_time, end_time, judged_by }: Claimed): Omit<Claim, 'id' | 'bookingId'> {
  return {
    eventTypeId: event_type_id,
    start: Date.parse(start_time),
    end: Date.parse(end_time),
    before: judged_by.buffer_before * minute,
    after: judged_by.buffer_after * minute,
    expiresAt: undefined,
    seats: 1,
    isShared: false,
  };
}

function noteSeats({ type, data }: RecordedEvent<EventTypeEvent>, seatsOf: SeatsOf): void {
  if (type !== 'eventtype.defined.v1') return;
  const { event_type_id, settings } = data;
  if (settings.terms.seats !== undefined) seatsOf.set(event_type_id, settings.terms.seats);
}
