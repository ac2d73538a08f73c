import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, hour, type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import type { Slot } from '@agentcal/shared/resources/slot';
import { judgeStart } from '@agentcal/shared/scheduling/judge';
import type { Schedule } from '@agentcal/shared/scheduling/model';
import { findSlots } from '@agentcal/shared/scheduling/slots';
import fc from 'fast-check';
import t from 'tap';
import type { CalendarCommand, Rules } from './commands.ts';
import * as calendar from './decider.ts';
import { type CalendarEvent, calendarEvents } from './events.ts';
import { NaiveCalendar, type NaiveClaim } from './naive-calendar.ts';
import * as samples from './samples.ts';
import type { CalendarState } from './state.ts';

/**
 * Any sequence of commands, in odd zones and over the days on which their clocks change, held against a naive
 * calendar that forgets nothing: invariants 1 and 3, and that a repeat changes nothing.
 */

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

const world = fc.record({
  schedule: fc.constantFrom(...schedules),
  beginning: fc.constantFrom(...beginnings),
  /** Whether the host has a limit over all event types. */
  capped: fc.boolean(),
  /** Two event types at a time, so that they meet. */
  offered: fc.tuple(fc.constantFrom(...eventTypes), fc.constantFrom(...eventTypes)),
});
const step = fc.record({
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
type Step = (typeof step extends fc.Arbitrary<infer S> ? S : never) & { name: string };

const catalogue = createCatalogue(calendarEvents);

t.test('whatever is asked of a calendar', async (t) => {
  fc.assert(
    fc.property(
      world,
      fc.array(step, { minLength: 40, maxLength: 80, size: 'max' }),
      ({ schedule, beginning, capped, offered }, steps) => {
        const rules = offered.map((terms, index) =>
          samples.rules({
            eventTypeId: `evt_${index}`,
            terms,
            host: { schedule, ...(capped && { limits: [{ per: 'week', count: 9 }] }) },
          }),
        );
        run(
          rules,
          beginning,
          steps.map((each, index) => ({ ...each, name: `n${index}` })),
        );
      },
    ),
    { numRuns: Number(process.env.CALENDAR_RUNS ?? 100) },
  );
  t.pass('no claims overlap, what is listed can be booked, and repeats change nothing');
});

function run(rules: readonly Rules[], beginning: Instant, steps: readonly Step[]): void {
  const naive = new NaiveCalendar();
  let state: CalendarState = calendar.initial;
  let at = beginning;
  let revision = 0;
  for (const each of steps) {
    at += each.passes * minute;
    const command = commandFor(each, rules, naive, at);
    if (!command) continue;
    const outcome = decided(command, state);
    sameAsEngine(command, outcome, naive, rules, at);
    if (outcome instanceof Refusal) {
      alternativesCanBeHad(command, outcome, state);
      continue;
    }
    for (const event of outcome) {
      catalogue.check(event);
      naive.apply(event);
      state = calendar.evolve(state, { ...event, revision: revision++, metadata: { occurred_at: toIso(at) } });
    }
    check(repeats(command, state), `a repeat of ${command.type} changes something`);
    noOverlap(naive.live(at), rules);
    listedIsBookable(rules[each.eventType]!, naive, state, at);
  }
}

function decided(command: CalendarCommand, state: CalendarState): readonly CalendarEvent[] | Refusal {
  try {
    return calendar.decide(command, state);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function commandFor(
  each: Step,
  rules: readonly Rules[],
  naive: NaiveCalendar,
  at: Instant,
): CalendarCommand | undefined {
  const { name, what } = each;
  const ofType = rules[each.eventType]!;
  const start = Math.ceil(at / (12 * hour)) * 12 * hour + each.start * minute;
  // The newest first: the others are mostly over.
  const targets = [...naive.claims.values()]
    .reverse()
    .filter(({ kind }) => kind === (what === 'book-held' || what === 'release' ? 'hold' : 'booking'));
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

/** Booked, held or moved exactly where the engine allows it over the whole history, and refused with its reason. */
function sameAsEngine(
  command: CalendarCommand,
  outcome: readonly CalendarEvent[] | Refusal,
  naive: NaiveCalendar,
  rules: readonly Rules[],
  at: Instant,
): void {
  const asked = startAsked(command, naive, rules);
  if (!asked || (Array.isArray(outcome) && outcome.length === 0)) return;
  if (
    outcome instanceof Refusal &&
    ['too_many_holds', 'booking_closed', 'hold_expired', 'not_found'].includes(outcome.code)
  )
    return;
  const { rules: by, ...query } = asked;
  const verdict = judgeStart({
    terms: by.terms,
    eventTypeId: by.eventTypeId,
    host: naive.host(by, at),
    now: at,
    ...query,
  });
  const said = outcome instanceof Refusal ? outcome.code : 'ok';
  check(
    said === (verdict.ok ? 'ok' : verdict.reason),
    `${command.type}: ${said}, the engine: ${JSON.stringify(verdict)}`,
  );
}

function startAsked(command: CalendarCommand, naive: NaiveCalendar, rules: readonly Rules[]) {
  switch (command.type) {
    case 'PlaceHold':
      return { start: command.data.start, rules: command.data.rules };
    case 'CreateBooking': {
      const { time, rules: by } = command.data;
      return 'start' in time ? { start: time.start, rules: by } : undefined;
    }
    case 'RescheduleBooking': {
      const booking = naive.claims.get(command.data.bookingId)!;
      const by = rules.find(({ eventTypeId }) => eventTypeId === booking.eventTypeId)!;
      const { seats: _, ...terms } = by.terms;
      const durationMinutes = (booking.end - booking.start) / minute;
      return { start: command.data.start, durationMinutes, ignoreClaimId: booking.id, rules: { ...by, terms } };
    }
  }
  return undefined;
}

/** Invariant 1, from the events alone. Seats of one meeting are one claim with several attendees. */
function noOverlap(claims: readonly NaiveClaim[], rules: readonly Rules[]): void {
  const seats = new Map<string, number>();
  const meetings = claims.filter((claim) => {
    const limit = rules.find(({ eventTypeId }) => eventTypeId === claim.eventTypeId)?.terms.seats;
    if (limit === undefined) return true;
    const meeting = `${claim.eventTypeId} ${claim.start}`;
    const taken = seats.get(meeting) ?? 0;
    check(taken + claim.seatsTaken <= limit, 'more attendees than seats');
    seats.set(meeting, taken + claim.seatsTaken);
    return taken === 0;
  });
  const spans = meetings
    .map((claim) => ({ from: claim.start - claim.bufferBeforeMs, to: claim.end + claim.bufferAfterMs }))
    .sort((a, b) => a.from - b.from);
  check(
    spans.every(({ from }, index) => index === 0 || spans[index - 1]!.to <= from),
    'claims overlap',
  );
}

/** Invariant 3: each listed start can be booked, moved to and held. */
function listedIsBookable(rules: Rules, naive: NaiveCalendar, state: CalendarState, at: Instant): void {
  const host = naive.host(rules, at);
  const query = { terms: rules.terms, eventTypeId: rules.eventTypeId, host, now: at, from: at, to: at + 3 * day };
  for (const start of findSlots(query).starts.filter((_, index) => index % 7 === 0)) {
    const outcome = decided(samples.book({ name: 'probe', at, time: { start }, rules }), state);
    check(
      !(outcome instanceof Refusal),
      `${toIso(start)} is listed and refused: ${outcome instanceof Refusal && outcome.code}`,
    );
  }
}

function alternativesCanBeHad(command: CalendarCommand, refusal: Refusal, state: CalendarState): void {
  const alternatives = (refusal.extras.alternatives ?? []) as Slot[];
  for (const { start_time } of alternatives) {
    const start = Date.parse(start_time);
    const again: CalendarCommand =
      command.type === 'CreateBooking'
        ? { ...command, data: { ...command.data, time: { start } } }
        : ({ ...command, data: { ...command.data, start } } as CalendarCommand);
    if (command.type === 'CreateBooking' && 'holdId' in command.data.time) continue;
    check(!(decided(again, state) instanceof Refusal), `the alternative ${start_time} is refused`);
  }
}

function repeats(command: CalendarCommand, state: CalendarState): boolean {
  const again = decided(command, state);
  return !(again instanceof Refusal) && again.length === 0;
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
