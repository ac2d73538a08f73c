import fc from 'fast-check';
import type { TeamQuery } from './assignment.ts';
import { dateOfDay } from './dates.ts';
import type { Claim, HostCalendar, Limit, Schedule, SlotQuery, Terms } from './model.ts';
import { zoneOf } from './zone.ts';

/** Random worlds for tests: odd zones, days around their transitions, and every rule somewhere. */

export interface World {
  readonly query: SlotQuery;
  /** Minutes. */
  readonly from: number;
  readonly to: number;
}

/** Half-hour and quarter-hour offsets, gaps of 30 minutes and at midnight, a missing day, rules that changed for good. */
export const oddZones = [
  'America/New_York',
  'Europe/London',
  'Europe/Dublin',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'Asia/Gaza',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Vancouver',
  'Europe/Chisinau',
  'America/Asuncion',
  'Asia/Almaty',
  'Pacific/Chatham',
  'Antarctica/Troll',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'America/Nuuk',
  'America/Havana',
  'America/St_Johns',
  'Australia/Adelaide',
  'Pacific/Kiritimati',
  'UTC',
] as const;

const minutesPerDay = 1440;
const anyZone = fc.constantFrom(...oddZones);

/** A day near one of the zone's transitions two times out of three, any day of 2015–2035 otherwise. */
function dayIn(zone: string) {
  const anyDay = fc.integer({ min: 16436, max: 23741 });
  const transitions: number[] = [];
  for (let at = Date.UTC(2012, 0, 1); transitions.length < 40; ) {
    at = zoneOf(zone).transitionAfter(at);
    if (at === Number.POSITIVE_INFINITY) break;
    transitions.push(zoneOf(zone).dayAt(at));
  }
  if (transitions.length === 0) return anyDay;
  const near = fc.tuple(fc.constantFrom(...transitions), fc.integer({ min: -2, max: 1 })).map(([day, by]) => day + by);
  return fc.oneof({ weight: 2, arbitrary: near }, { weight: 1, arbitrary: anyDay });
}

const step = fc.constantFrom(60, 30, 30, 15, 5, 1);

function wallTime(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Windows of a day: any, around the night's transitions, until midnight, from midnight, all day. */
const wallWindow = fc
  .oneof(
    fc.tuple(step, fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 600 })).map(([step, start, length]) => {
      const begin = Math.floor(start / step) * step;
      return [begin, Math.min(minutesPerDay, begin + Math.max(step, Math.floor(length / step) * step))] as const;
    }),
    fc.constantFrom(
      [0, 1440] as const,
      [1320, 1440] as const,
      [0, 90] as const,
      [60, 180] as const,
      [540, 1020] as const,
    ),
  )
  .map(([start, end]) => ({ start_time: wallTime(start), end_time: wallTime(end) }));

function rules() {
  const rule = fc.tuple(fc.integer({ min: 0, max: 6 }), wallWindow);
  const some = fc.array(rule, { minLength: 3, maxLength: 14 });
  const daily = fc
    .array(wallWindow, { minLength: 1, maxLength: 2 })
    .map((windows) => windows.flatMap((window) => [0, 1, 2, 3, 4, 5, 6].map((day) => [day, window] as const)));
  return fc
    .oneof(some, daily, daily)
    .map((rules) => rules.map(([day_of_week, window]) => ({ day_of_week, ...window })));
}

function schedule(zone: string, day: number): fc.Arbitrary<Schedule> {
  const near = fc.integer({ min: day - 2, max: day + 4 });
  const overrides = fc.uniqueArray(fc.record({ date: near, windows: fc.array(wallWindow, { maxLength: 2 }) }), {
    maxLength: 2,
    selector: ({ date }) => date,
  });
  const trips = fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 3 }), days: fc.integer({ min: 0, max: 2 }), timezone: anyZone }),
    {
      minLength: 1,
      maxLength: 2,
    },
  );
  return fc
    .record({
      rules: rules(),
      overrides: sometimes(overrides),
      trips: rarely(trips),
    })
    .map(({ rules, overrides, trips }) => ({
      timezone: zone,
      rules,
      overrides: (overrides ?? []).map(({ date, windows }) => ({ date: dateOfDay(date), windows })),
      travel: oneAfterTheOther(day - 2, trips ?? []),
    }));
}

function oneAfterTheOther(
  day: number,
  trips: readonly { wait: number; days: number; timezone: string }[],
): NonNullable<Schedule['travel']> {
  let next = day;
  return trips.map(({ wait, days, timezone }) => {
    const first = next + wait;
    next = first + days + 1;
    return { start_date: dateOfDay(first), end_date: dateOfDay(first + days), timezone };
  });
}

function sometimes<T>(arbitrary: fc.Arbitrary<T>) {
  return fc.option(arbitrary, { nil: undefined, freq: 1 });
}

function rarely<T>(arbitrary: fc.Arbitrary<T>) {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const duration = fc.constantFrom(15, 30, 30, 45, 60, 60, 90, 20, 25, 50, 7, 120);

const limit = fc
  .record({
    per: fc.constantFrom('day', 'week', 'month', 'year'),
    count: sometimes(fc.integer({ min: 1, max: 3 })),
    minutes: sometimes(fc.integer({ min: 30, max: 240 })),
  })
  .map(compact) as fc.Arbitrary<Limit>;

function terms(day: number): fc.Arbitrary<Terms> {
  const date = fc.integer({ min: day - 2, max: day + 4 }).map(dateOfDay);
  const window = fc.oneof(
    fc.record({
      type: fc.constantFrom('calendar_days', 'business_days', 'open_days'),
      days: fc.integer({ min: 1, max: 3 }),
    }),
    fc.tuple(date, date).map(([one, other]) => {
      const [start_date, end_date] = [one, other].sort() as [string, string];
      return { type: 'range' as const, start_date, end_date };
    }),
  );
  return fc
    .record({
      duration_minutes: duration,
      durations: rarely(fc.constant([30, 60])),
      slot_interval_minutes: sometimes(fc.constantFrom(5, 10, 15, 20, 25, 30, 40, 60, 90, 120, 7)),
      start_offset_minutes: rarely(fc.constantFrom(5, 10, 15, 20, 70)),
      buffer_before: fc.constantFrom(0, 0, 0, 5, 15, 30, 120),
      buffer_after: fc.constantFrom(0, 0, 0, 10, 15, 45),
      min_notice_minutes: fc.constantFrom(0, 0, 0, 30, 120, 1440),
      booking_window: rarely(window),
      limits: rarely(fc.array(limit, { maxLength: 2 })),
      seats: rarely(fc.integer({ min: 1, max: 3 })),
      starts: rarely(fc.constantFrom('any', 'aligned')),
      first_slot_of_day_only: rarely(fc.boolean()),
    })
    .map(compact) as fc.Arbitrary<Terms>;
}

/** Undefined properties are left out, as they are on the wire. */
function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, value]) => value !== undefined)) as T;
}

const msPerMinute = 60_000;

function interval(day: number, fraction: fc.Arbitrary<number>) {
  return fc
    .tuple(fc.integer({ min: (day - 2) * minutesPerDay, max: (day + 4) * minutesPerDay }), step, duration, fraction)
    .map(([minute, step, length, fraction]) => {
      const start = Math.floor(minute / step) * step * msPerMinute + fraction;
      return { start, end: start + length * msPerMinute };
    });
}

const mostlyWhole = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -59_999, max: 59_999 }) },
);

function claim(day: number, now: number): fc.Arbitrary<Claim> {
  return fc
    .record({
      id: fc.integer({ min: 0, max: 9 }).map((n) => `bkg_${n}`),
      eventTypeId: fc.constantFrom('evt_a', 'evt_a', 'evt_b'),
      bufferBeforeMs: fc.constantFrom(0, 0, 10 * msPerMinute, 30 * msPerMinute),
      bufferAfterMs: fc.constantFrom(0, 0, 15 * msPerMinute, 100_000),
      expiresAt: rarely(fc.constantFrom(now - 1, now, now + 1, now + 600_000)),
      seatsTaken: rarely(fc.integer({ min: 1, max: 3 })),
      time: interval(day, fc.constant(0)),
    })
    .map(({ time, ...claim }) => compact({ ...claim, ...time }));
}

function hostCalendar(zone: string, day: number, now: number): fc.Arbitrary<HostCalendar> {
  return fc
    .record({
      userId: fc.constant('user_a'),
      schedule: schedule(zone, day),
      holidays: rarely(fc.array(fc.integer({ min: day - 1, max: day + 3 }).map(dateOfDay), { maxLength: 2 })),
      limits: rarely(fc.array(limit, { maxLength: 2 })),
      away: fc.array(interval(day, mostlyWhole), { maxLength: 1 }),
      busy: fc.array(interval(day, mostlyWhole), { maxLength: 4 }),
      claims: fc.array(claim(day, now), { maxLength: 4 }),
    })
    .map(compact);
}

export interface TeamWorld {
  readonly query: TeamQuery;
  readonly from: number;
  readonly to: number;
}

/** Two to four hosts of several zones, some of them fixed, in groups or on a trip. */
function teamQuery(day: number, now: number): fc.Arbitrary<TeamQuery> {
  const host = anyZone.chain((zone) =>
    fc.record({
      calendar: hostCalendar(zone, day, now),
      fixed: rarely(fc.boolean()),
      group: sometimes(fc.constantFrom('rooms', 'people')),
    }),
  );
  return fc
    .record({
      terms: terms(day),
      within: rarely(anyZone.chain((zone) => fc.record({ schedule: schedule(zone, day) }))),
      durationMinutes: rarely(fc.constant(30)),
      ignoreClaimId: rarely(fc.constantFrom('bkg_1', 'bkg_2')),
      assignment: fc.constantFrom('collective', 'round_robin', 'round_robin'),
      hosts: fc
        .array(host, { minLength: 2, maxLength: 4 })
        .map((hosts) => hosts.map((host, i) => ({ ...host, calendar: { ...host.calendar, userId: `user_${i}` } }))),
      groups: fc.constantFrom([], [{ name: 'people', take: 2 }], [{ name: 'rooms', take: 2 }]),
      now: fc.constant(now),
    })
    .map(({ hosts, ...query }) => {
      return { eventTypeId: 'evt_a', ...compact(query), hosts: hosts.map(compact) } as TeamQuery;
    });
}

const teamDay = anyZone
  .chain((zone) => fc.tuple(dayIn(zone), fc.integer({ min: -2 * minutesPerDay, max: minutesPerDay })))
  .map(([day, before]) => ({ day, now: (day * minutesPerDay + before) * msPerMinute }));

function rangeAround(day: number, length: number) {
  const from = fc.integer({ min: day * minutesPerDay - 720, max: day * minutesPerDay + 720 });
  return fc.tuple(from, fc.integer({ min: 1, max: length })).map(([from, length]) => ({ from, to: from + length }));
}

export const teamWorld: fc.Arbitrary<TeamWorld> = teamDay.chain(({ day, now }) =>
  fc.tuple(teamQuery(day, now), rangeAround(day, 2 * minutesPerDay)).map(([query, range]) => ({ query, ...range })),
);

export interface SequenceWorld {
  readonly parts: readonly TeamQuery[];
  readonly gap: { readonly minMinutes: number; readonly maxMinutes: number };
  readonly from: number;
  readonly to: number;
}

/** Two or three meetings of a few people who work most of the day and have limits: often somebody is in several. */
export const sequenceWorld: fc.Arbitrary<SequenceWorld> = teamDay.chain(({ day, now }) =>
  fc
    .record({
      people: fc.array(busyPerson(day, now), { minLength: 4, maxLength: 4 }),
      parts: fc.array(meeting(now), { minLength: 2, maxLength: 3 }),
      isOneTeam: fc.boolean(),
      min: fc.constantFrom(0, 0, 10, 60),
      more: fc.constantFrom(0, 60, 240, 1440),
      range: rangeAround(day, minutesPerDay),
    })
    .map(({ people, parts, isOneTeam, min, more, range }) => ({
      parts: parts.map(({ whom, groups, ...part }, i) => {
        const team = isOneTeam ? parts[0]!.whom : whom;
        return {
          ...part,
          hosts: team.map((place, j) => ({ calendar: people[place]!, ...groups[j] })),
          eventTypeId: `evt_${i % 2}`,
        };
      }),
      gap: { minMinutes: min, maxMinutes: min + more },
      ...range,
    })),
);

function busyPerson(day: number, now: number): fc.Arbitrary<HostCalendar> {
  const daily = fc.constantFrom([480, 1020] as const, [600, 1440] as const, [0, 1440] as const, [0, 180] as const);
  return fc
    .record({
      calendar: hostCalendar('UTC', day, now),
      zone: anyZone,
      windows: daily,
      limits: sometimes(fc.array(limit, { minLength: 1, maxLength: 2 })),
      userId: fc.uuid(),
    })
    .map(({ calendar, zone, windows: [start, end], limits, userId }) => {
      const window = { start_time: wallTime(start), end_time: wallTime(end) };
      const rules = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, ...window }));
      return compact({ ...calendar, schedule: { timezone: zone, rules }, limits, userId }) as HostCalendar;
    });
}

/** A meeting with some of four people, by their places. */
function meeting(now: number) {
  return fc
    .record({
      duration_minutes: fc.constantFrom(30, 60, 45),
      slot_interval_minutes: sometimes(fc.constantFrom(30, 60, 120)),
      buffer_before: fc.constantFrom(0, 0, 0, 15),
      buffer_after: fc.constantFrom(0, 0, 0, 30),
      limits: sometimes(fc.array(limit, { minLength: 1, maxLength: 1 })),
      seats: rarely(fc.integer({ min: 1, max: 3 })),
      assignment: fc.constantFrom('single', 'collective', 'round_robin', 'round_robin', 'round_robin'),
      whom: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }),
      groups: fc.array(fc.record({ group: rarely(fc.constant('people')), fixed: rarely(fc.boolean()) }).map(compact), {
        minLength: 4,
        maxLength: 4,
      }),
    })
    .map(({ assignment, whom, groups, ...more }) => {
      const terms = compact({ ...more, min_notice_minutes: 0 }) as Terms;
      const people = assignment === 'single' ? whom.slice(0, 1) : whom;
      return { terms, assignment, whom: people, groups, now } as const;
    });
}

export const world: fc.Arbitrary<World> = anyZone
  .chain((zone) => fc.tuple(fc.constant(zone), dayIn(zone)))
  .chain(([zone, day]) => {
    const around = fc.integer({ min: -3 * minutesPerDay, max: minutesPerDay });
    return fc.tuple(fc.constant(zone), fc.constant(day), around);
  })
  .chain(([zone, day, before]) => {
    const now = (day * minutesPerDay + before) * msPerMinute;
    return fc.record({
      terms: terms(day),
      host: hostCalendar(zone, day, now),
      within: rarely(anyZone.chain((zone) => fc.record({ schedule: schedule(zone, day) }))),
      durationMinutes: rarely(fc.constant(30)),
      gridTimezone: rarely(anyZone),
      ignoreClaimId: rarely(fc.constantFrom('bkg_1', 'bkg_2')),
      from: fc.integer({ min: day * minutesPerDay - 720, max: day * minutesPerDay + 720 }),
      length: fc.integer({ min: 1, max: 2 * minutesPerDay }),
      now: fc.constant(now),
    });
  })
  .map(({ from, length, ...query }) => ({
    query: { eventTypeId: 'evt_a', ...compact(query) },
    from,
    to: from + length,
  }));
