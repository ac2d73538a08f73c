/**
 * Calendar dates as plain numbers, without a zone.
 *
 * A *day* is the count of days since 1970-01-01 in the proleptic Gregorian calendar. It names a date on a
 * wall calendar, not an instant: which instants belong to it is a zone's business (zone.ts).
 */
export type Day = number;

const msPerDay = 86_400_000;
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day of `YYYY-MM-DD`, or NaN where there is no such date (2026-02-30, 2026-2-3). */
export function dayOfDate(date: string): Day {
  const match = datePattern.exec(date);
  if (!match) return Number.NaN;
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / msPerDay;
  return dateOfDay(day) === date ? day : Number.NaN;
}

/** `YYYY-MM-DD`. */
export function dateOfDay(day: Day): string {
  return new Date(day * msPerDay).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekdayOfDay(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

export type Period = 'day' | 'week' | 'month' | 'year';

/** A number that is the same for all days of one period and grows from one to the next. Weeks begin on Monday. */
export function periodOfDay(day: Day, per: Period): number {
  if (per === 'day') return day;
  if (per === 'week') return Math.floor((day + 3) / 7);
  const date = new Date(day * msPerDay);
  return per === 'month' ? date.getUTCFullYear() * 12 + date.getUTCMonth() : date.getUTCFullYear();
}
