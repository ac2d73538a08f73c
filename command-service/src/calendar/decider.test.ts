import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import type { Slot } from '@agentcal/shared/resources/slot';
import { judgeStart } from '@agentcal/shared/scheduling/judge';
import { findSlots } from '@agentcal/shared/scheduling/slots';
import fc from 'fast-check';
import t from 'tap';
import type { CalendarCommand, Rules } from './commands.ts';
import * as calendar from './decider.ts';
import { movingRules } from './deciders/claims.ts';
import { type CalendarEvent, calendarEvents } from './events.ts';
import { NaiveCalendar, type NaiveClaim } from './naive-calendar.fixture.ts';
import { commandFor, type Step, step, world } from './random-commands.fixture.ts';
import * as samples from './samples.ts';
import type { CalendarState } from './state/state.ts';

/**
 * Any sequence of commands held against a naive calendar that forgets nothing: invariants 1 and 3, and that a repeat
 * changes nothing.
 */

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
    ['too_many_holds', 'booking_closed', 'hold_expired', 'not_found', 'too_much_contention'].includes(outcome.code)
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
    case 'ClaimParts': {
      const { parts, mode } = command.data;
      const [part] = parts;
      if (!part || mode === 'fitting') return undefined;
      const { start, durationMinutes, insteadOf, moves } = part;
      const ignoring = insteadOf !== undefined && { ignoreClaimId: insteadOf };
      return {
        start,
        durationMinutes,
        ...ignoring,
        rules: moves ? movingRules(part.rules, durationMinutes) : part.rules,
      };
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
  const from = (claim: NaiveClaim) => claim.start - claim.bufferBeforeMs;
  const to = (claim: NaiveClaim) => claim.end + claim.bufferAfterMs;
  // Where a booking is about to move, it has its old time and its new one, and they may overlap.
  const bookingOf = (claim: NaiveClaim) => claim.bookingId ?? claim.id;
  check(
    meetings.every((one, n) =>
      meetings.slice(n + 1).every((other) => {
        return to(one) <= from(other) || to(other) <= from(one) || bookingOf(one) === bookingOf(other);
      }),
    ),
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
    const again = startingAt(command, start);
    if (command.type === 'CreateBooking' && 'holdId' in command.data.time) continue;
    check(!(decided(again, state) instanceof Refusal), `the alternative ${start_time} is refused`);
  }
}

function startingAt(command: CalendarCommand, start: Instant): CalendarCommand {
  switch (command.type) {
    case 'CreateBooking':
      return { ...command, data: { ...command.data, time: { start } } };
    case 'ClaimParts':
      return { ...command, data: { ...command.data, parts: command.data.parts.map((part) => ({ ...part, start })) } };
  }
  return { ...command, data: { ...command.data, start } } as CalendarCommand;
}

function repeats(command: CalendarCommand, state: CalendarState): boolean {
  const again = decided(command, state);
  return !(again instanceof Refusal) && again.length === 0;
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
