import { day, hour, type Instant, minute } from '@agentcal/shared/kernel/time';
import type { Schedule } from '@agentcal/shared/scheduling/model';
import fc from 'fast-check';
import type { CalendarCommand, ClaimParts, Rules, SettleMove, WantedPart } from './commands.ts';
import type { NaiveCalendar, NaiveClaim } from './naive-calendar.fixture.ts';
import * as samples from './samples.ts';

/** Commands at random, for tests: in odd zones, around the days on which their clocks change. */

const hours = (timezone: string, start_time: string, end_time: string): Schedule => ({
  timezone,
  rules: [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time, end_time })),
});
const schedules: readonly Schedule[] = [
  hours('Europe/London', '09:00', '17:00'),
  hours('America/New_York', '00:00', '24:00'),
  hours('Australia/Lord_Howe', '00:00', '24:00'),
  hours('Asia/Kathmandu', '14:00', '24:00'),
];
/** Days around which zones above change their clocks. */
const beginnings = ['2026-03-06', '2026-03-27', '2026-10-02', '2026-10-23'].map((date) =>
  samples.at(`${date}T03:00:00Z`),
);

const eventTypes = [
  { duration_minutes: 30 },
  { duration_minutes: 60, slot_interval_minutes: 15, buffer_before: 15, buffer_after: 10 },
  {
    duration_minutes: 45,
    buffer_after: 5,
    limits: [
      { per: 'day', count: 2 },
      { per: 'week', minutes: 240 },
    ],
  },
  { duration_minutes: 30, seats: 3, limits: [{ per: 'month', count: 4 }] },
  {
    duration_minutes: 30,
    durations: [30, 90],
    min_notice_minutes: 150,
    booking_window: { type: 'calendar_days', days: 3 },
  },
  { duration_minutes: 20, booking_window: { type: 'open_days', days: 2 }, starts: 'any' },
  { duration_minutes: 30, limits: [{ per: 'year', count: 5 }], first_slot_of_day_only: true },
] satisfies Partial<Rules['terms']>[];

/** A host and what can be booked with them. */
export const world = fc.record({
  schedule: fc.constantFrom(...schedules),
  beginning: fc.constantFrom(...beginnings),
  /** Whether the host has a limit over all event types. */
  capped: fc.boolean(),
  /** Two event types at a time, so that they meet. */
  offered: fc.tuple(fc.constantFrom(...eventTypes), fc.constantFrom(...eventTypes)),
});
/** One thing that is asked, and how long after the one before. */
export const step = fc.record({
  what: fc.constantFrom(
    ...[
      'book',
      'book',
      'book',
      'request',
      'hold',
      'hold',
      'book-held',
      'book-held',
      'release',
      'move',
      'move',
      'cancel',
    ],
    ...['confirm', 'decline', 'expire', 'leave', 'complete', 'no-show', 'busy'],
    ...['claim', 'claim', 'claim-some', 'claim-move', 'give-back', 'settle', 'settle', 'send-away'],
  ),
  passes: fc.oneof(
    { weight: 30, arbitrary: fc.nat(4) },
    { weight: 3, arbitrary: fc.nat(300) },
    { weight: 1, arbitrary: fc.constantFrom(3 * 1440, 40 * 1440) },
  ),
  eventType: fc.nat(1),
  target: fc.nat(40),
  /** Minutes after the next half day: mostly a few places that many want. */
  start: fc.oneof(
    { weight: 4, arbitrary: fc.nat(7).map((place) => place * 30) },
    { weight: 2, arbitrary: fc.nat(2 * 96).map((place) => place * 15) },
    { weight: 1, arbitrary: fc.nat(4 * 288).map((place) => place * 5) },
  ),
});
export type Step = (typeof step extends fc.Arbitrary<infer S> ? S : never) & { name: string };

const kindOf: Record<string, NaiveClaim['kind']> = {
  'book-held': 'hold',
  release: 'hold',
  'give-back': 'part',
  settle: 'part',
};

/** What the step asks, about what there is by then. Nothing where there is nothing that it could be about. */
export function commandFor(
  each: Step,
  rules: readonly Rules[],
  naive: NaiveCalendar,
  at: Instant,
): CalendarCommand | undefined {
  const { name, what } = each;
  const ofType = rules[each.eventType]!;
  const start = Math.ceil(at / (12 * hour)) * 12 * hour + each.start * minute;
  // The newest first: the others are mostly over. No plan is about what the calendar has forgotten.
  const ofPlans = ['claim-move', 'give-back', 'settle'].includes(what);
  const targets = [...naive.claims.values()]
    .reverse()
    .filter(({ kind, end }) => kind === (kindOf[what] ?? 'booking') && (!ofPlans || end > at - 20 * day));
  const target = targets[each.target % Math.min(targets.length, 6)];
  const targetRules = rules.find(({ eventTypeId }) => eventTypeId === target?.eventTypeId) ?? ofType;
  const asked = { at, ...(target && { bookingId: target.id }) };
  switch (what) {
    case 'book':
      return samples.book({ name, at, time: { start }, rules: ofType });
    case 'request':
      return samples.book({ name, at, time: { start }, rules: ofType, confirmWithinMs: 6 * hour });
    case 'hold':
      return samples.hold({ holdId: samples.holdId(name), at, start, rules: ofType, ttlSeconds: 1800 });
    case 'claim':
      return claimParts(name, at, [start], ofType);
    case 'claim-some':
      return claimParts(name, at, [start, start + 30 * minute, start + day], ofType, 'fitting');
    case 'busy': {
      const busy = [start, start + 5 * hour, start + day].map((from) => ({ start: from, end: from + 40 * minute }));
      const window = { start: at - 400 * day, end: at + 4000 * day };
      return samples.mirror({ at, source: `s${each.target % 2}`, busy, window });
    }
  }
  if (!target) return undefined;
  switch (what) {
    case 'book-held':
      return samples.book({ name, at, time: { holdId: target.id }, rules: targetRules });
    case 'release':
      return samples.release({ at, holdId: target.id });
    case 'move':
      return samples.reschedule({ ...asked, start, rules: targetRules });
    case 'cancel':
      return samples.cancel(asked);
    case 'claim-move': {
      const durationMinutes = (target.end - target.start) / minute;
      const more = { durationMinutes, bookingId: target.id, insteadOf: target.id, moves: true };
      return claimParts(name, at, [start], targetRules, 'all', more);
    }
    case 'give-back':
      return { type: 'ReleaseParts', data: { ...whose, at, partIds: [target.id] } };
    case 'settle':
      return naive.claims.has(target.bookingId!) ? settleMove(target, at) : settleBooking(target, at, each.target);
    case 'send-away': {
      const away = { userIds: ['user_other'], parts: [{ user_id: 'user_other', part_id: `part_${name}` }] };
      return settleMove({ ...target, id: `part_${name}`, bookingId: target.id }, at, away);
    }
    case 'leave':
      return samples.leave({ ...asked, seatId: target.seats[each.target % target.seats.length] ?? 'seat_none' });
    case 'confirm':
      return samples.ask('ConfirmBooking', asked);
    case 'decline':
      return samples.ask('DeclineBooking', asked);
    case 'expire':
      return samples.ask('ExpireRequest', asked);
    case 'complete':
      return samples.ask('CompleteBooking', asked);
    case 'no-show':
      return samples.ask('MarkNoShow', asked);
  }
}

const whose = { userId: samples.userId, accountId: samples.accountId };

/** Event types with seats have one host, and no parts. */
function claimParts(
  name: string,
  at: Instant,
  starts: readonly Instant[],
  rules: Rules,
  mode: ClaimParts['data']['mode'] = 'all',
  more: Partial<WantedPart> = {},
): ClaimParts | undefined {
  if (rules.terms.seats !== undefined) return undefined;
  const parts = starts.map((start, n) => {
    const of = { partId: `part_${name}_${n}`, bookingId: samples.bookingId(`${name}_${n}`), start, rules };
    return { ...of, durationMinutes: rules.terms.duration_minutes, ...more };
  });
  return { type: 'ClaimParts', data: { ...whose, at, planId: name, plannedAt: at, mode, parts } };
}

function settleBooking(part: NaiveClaim, at: Instant, target: number): CalendarCommand {
  const of = { bookingId: part.bookingId!, eventTypeId: part.eventTypeId, ...settledOf(part) };
  const bookings = [{ ...of, ...(target % 2 === 0 && { expiresAt: at + 6 * hour }) }];
  const data = { ...whose, at, planId: 'plan', attendee: samples.sealedAttendee, metadata: {}, bookings };
  return { type: 'SettleBookings', data };
}

function settleMove(part: NaiveClaim, at: Instant, more: Partial<SettleMove['data']> = {}): SettleMove {
  const data = { ...whose, at, planId: 'plan', bookingId: part.bookingId!, ...settledOf(part), ...more };
  return { type: 'SettleMove', data: { ...data, expiresAt: at + 6 * hour } };
}

function settledOf({ id, start, end, bufferBeforeMs, bufferAfterMs }: NaiveClaim) {
  const buffers = { buffer_before: bufferBeforeMs / minute, buffer_after: bufferAfterMs / minute };
  const judgedBy = { ...samples.judgedBy, ...buffers, duration_minutes: (end - start) / minute };
  return { partId: id, start, end, userIds: [samples.userId], parts: [], judgedBy };
}
