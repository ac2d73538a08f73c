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
  readonly windowsOn: (day: Day) => DayWindows;
}

/** The windows of a local date as they were set, by start. They merge as instants, not as wall times (windows.ts). */
export interface DayWindows {
  /** Wall minutes `[start, end, start, end, …]`. */
  readonly edges: readonly number[];
  readonly aroundTheClock: boolean;
}

/** Days `first..last` that are spent in another zone, and the instants which that makes. */
export interface Trip {
  readonly first: Day;
  readonly last: Day;
  readonly zone: Zone;
  readonly start: Instant;
  readonly end: Instant;
}

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

/** The first instant whose local date is `day` or later, where the host is at that time. */
export function startOfDay(plan: Plan, day: Day): Instant {
  const atHome = plan.home.startOfDay(day);
  let back = Number.NEGATIVE_INFINITY;
  for (const trip of plan.travel) {
    if (Math.max(back, atHome) < trip.start) break;
    const there = Math.max(trip.start, trip.zone.startOfDay(day));
    if (there < trip.end) return Math.max(back, there);
    back = Math.max(back, trip.end);
  }
  return Math.max(back, atHome);
}

const plans = new WeakMap<Schedule, WeakMap<readonly string[], Plan>>();
const noHolidays: readonly string[] = [];

export function planOf({ schedule, holidays = noHolidays }: Hours): Plan {
  let known = plans.get(schedule);
  if (!known) {
    known = new WeakMap();
    plans.set(schedule, known);
  }
  let plan = known.get(holidays);
  if (!plan) {
    plan = readOnce(schedule, holidays);
    known.set(holidays, plan);
  }
  return plan;
}

/**
 * Plans by what their schedules say: many people keep the same hours, and rows that are read again are other objects.
 * The newest ones, and none that is long: those are one person's own.
 */
const plansByText = new Map<string, Plan>();
const textsKept = 2000;
const longestText = 2000;

function readOnce(schedule: Schedule, holidays: readonly string[]): Plan {
  const text = JSON.stringify([schedule, holidays]);
  const plan = plansByText.get(text) ?? read(schedule, holidays);
  if (text.length > longestText) return plan;
  // Set anew, so that what is asked for stays and the first of the map is what was not asked for longest.
  plansByText.delete(text);
  plansByText.set(text, plan);
  if (plansByText.size > textsKept) plansByText.delete(plansByText.keys().next().value!);
  return plan;
}

const closed: DayWindows = { edges: [], aroundTheClock: false };

function read(schedule: Schedule, holidays: readonly string[]): Plan {
  const weekly: DayWindows[] = [];
  for (let weekday = 0; weekday < 7; weekday++) {
    weekly.push(dayWindows(schedule.rules.filter((rule) => rule.day_of_week === weekday)));
  }
  const dated = new Map<Day, DayWindows>(holidays.map((date) => [dayOfDate(date), closed]));
  for (const { date, windows } of schedule.overrides ?? []) dated.set(dayOfDate(date), dayWindows(windows));
  return {
    home: zoneOf(schedule.timezone),
    travel: (schedule.travel ?? []).map(tripOf).sort((a, b) => a.first - b.first),
    windowsOn: (day) => dated.get(day) ?? weekly[weekdayOfDay(day)]!,
  };
}

function tripOf({ start_date, end_date, timezone }: NonNullable<Schedule['travel']>[number]): Trip {
  const zone = zoneOf(timezone);
  const first = dayOfDate(start_date);
  const last = dayOfDate(end_date);
  return { first, last, zone, start: zone.startOfDay(first), end: zone.startOfDay(last + 1) };
}

function dayWindows(windows: readonly { start_time: string; end_time: string }[]): DayWindows {
  const pairs = windows
    .map(({ start_time, end_time }) => [wallMinutes(start_time), wallMinutes(end_time)] as const)
    .sort((a, b) => a[0] - b[0]);
  let coveredUntil = 0;
  for (const [start, end] of pairs) if (start <= coveredUntil) coveredUntil = Math.max(coveredUntil, end);
  return { edges: pairs.flat(), aroundTheClock: coveredUntil === 1440 };
}

/** `HH:MM` as minutes after midnight; `24:00` is 1440. */
export function wallMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
