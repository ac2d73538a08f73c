import type { Instant } from '../kernel/time.ts';
import { type Day, dayOfDate, weekdayOfDay } from './dates.ts';
import type { Hours, Schedule } from './model.ts';
import { type Zone, zoneOf } from './zone.ts';

/**
 * A schedule made ready for questions: texts parsed, windows of a day sorted and merged, zones looked up.
 * What a person meant is still wall time; instants appear only in windows.ts.
 */
export interface Plan {
  readonly home: Zone;
  readonly travel: readonly Trip[];
  /** Wall minutes `[start, end, start, end, …]` of a local date, ascending and apart from each other. */
  readonly windowsOn: (day: Day) => WallWindows;
}

/** Days `first..last` that are spent in another zone, and the instants which that makes. */
export interface Trip {
  readonly first: Day;
  readonly last: Day;
  readonly zone: Zone;
  readonly start: Instant;
  readonly end: Instant;
}

export type WallWindows = readonly number[];

/** The zone in force on a local date. Where trips overlap, which checkSchedule refuses, the first one counts. */
export function zoneOn(plan: Plan, day: Day): Zone {
  for (const trip of plan.travel) if (day >= trip.first && day <= trip.last) return trip.zone;
  return plan.home;
}

/** The zone in force at an instant: a trip begins and ends at midnight of its own zone. */
export function zoneAt(plan: Plan, instant: Instant): Zone {
  for (const trip of plan.travel) if (instant >= trip.start && instant < trip.end) return trip.zone;
  return plan.home;
}

/** The first instant of a local date, in the zone in force on it. */
export function startOfDay(plan: Plan, day: Day): Instant {
  return zoneOn(plan, day).startOfDay(day);
}

const schedules = new WeakMap<Schedule, Omit<Plan, 'windowsOn'> & Days>();
const holidaySets = new WeakMap<readonly string[], ReadonlySet<Day>>();
const noHolidays: ReadonlySet<Day> = new Set();

interface Days {
  readonly weekly: readonly WallWindows[];
  readonly overrides: ReadonlyMap<Day, WallWindows>;
}

export function planOf(hours: Hours): Plan {
  let known = schedules.get(hours.schedule);
  if (!known) {
    known = read(hours.schedule);
    schedules.set(hours.schedule, known);
  }
  const { weekly, overrides, home, travel } = known;
  const holidays = holidaySetOf(hours.holidays);
  const windowsOn = (day: Day): WallWindows =>
    overrides.get(day) ?? (holidays.has(day) ? closed : weekly[weekdayOfDay(day)]!);
  return { home, travel, windowsOn };
}

const closed: WallWindows = [];

function read(schedule: Schedule): Omit<Plan, 'windowsOn'> & Days {
  const weekly: WallWindows[] = [];
  for (let weekday = 0; weekday < 7; weekday++) {
    weekly.push(wallWindows(schedule.rules.filter((rule) => rule.day_of_week === weekday)));
  }
  return {
    home: zoneOf(schedule.timezone),
    travel: (schedule.travel ?? []).map((trip) => {
      const zone = zoneOf(trip.timezone);
      const first = dayOfDate(trip.start_date);
      const last = dayOfDate(trip.end_date);
      return { first, last, zone, start: zone.startOfDay(first), end: zone.startOfDay(last + 1) };
    }),
    weekly,
    overrides: new Map(
      (schedule.overrides ?? []).map(({ date, windows }) => [dayOfDate(date), wallWindows(windows)] as const),
    ),
  };
}

function wallWindows(windows: readonly { start_time: string; end_time: string }[]): WallWindows {
  const pairs = windows
    .map(({ start_time, end_time }) => [wallMinutes(start_time), wallMinutes(end_time)] as const)
    .sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [start, end] of pairs) {
    const lastEnd = merged.at(-1);
    if (lastEnd === undefined || start > lastEnd) merged.push(start, end);
    else if (end > lastEnd) merged[merged.length - 1] = end;
  }
  return merged;
}

/** `HH:MM` as minutes after midnight; `24:00` is 1440. */
export function wallMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function holidaySetOf(dates: readonly string[] | undefined): ReadonlySet<Day> {
  if (!dates || dates.length === 0) return noHolidays;
  let known = holidaySets.get(dates);
  if (!known) {
    known = new Set(dates.map(dayOfDate));
    holidaySets.set(dates, known);
  }
  return known;
}
