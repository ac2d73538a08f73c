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
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const at = new Date(Date.UTC(year, month - 1, day));
  const same = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return same ? at.getTime() / msPerDay : Number.NaN;
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
  const month = monthOfDay(day);
  return per === 'month' ? month : Math.floor(month / 12);
}

/** Months since the year 0, by sums alone: a Date costs thirty times as much, and limits ask about every claim. */
function monthOfDay(day: Day): number {
  // Years that begin in March have their leap day at the end, and months whose lengths follow one rule.
  const march = day + 719_468;
  const era = Math.floor(march / 146_097);
  const dayOfEra = march - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return (era * 400 + yearOfEra) * 12 + monthFromMarch + 2;
}
