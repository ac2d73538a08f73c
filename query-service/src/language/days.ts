import type { Day } from './model.ts';

/** Calendar arithmetic on day numbers. Zone-free: a day here is a date on a wall. */

const msPerDay = 86_400_000;

export function dayOf(year: number, month: number, date: number): Day {
  return Date.UTC(year, month - 1, date) / msPerDay;
}

/** The day, unless that month has no such date. */
export function validDay(year: number, month: number, date: number): Day | undefined {
  const day = dayOf(year, month, date);
  const parts = partsOf(day);
  return parts.month === month && parts.date === date ? day : undefined;
}

export function partsOf(day: Day): { year: number; month: number; date: number } {
  const utc = new Date(day * msPerDay);
  return { year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, date: utc.getUTCDate() };
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Monday of the week that the day is in. */
export function mondayOf(day: Day): Day {
  return day - ((weekdayOf(day) + 6) % 7);
}

export function monthRange(year: number, month: number): { from: Day; to: Day } {
  return { from: dayOf(year, month, 1), to: dayOf(year, month + 1, 1) - 1 };
}

/** The first such weekday on or after a day. */
export function weekdayFrom(day: Day, weekday: number): Day {
  return day + ((weekday - weekdayOf(day) + 7) % 7);
}

export function isoOf(day: Day): string {
  return new Date(day * msPerDay).toISOString().slice(0, 10);
}
