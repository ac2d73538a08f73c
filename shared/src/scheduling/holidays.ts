import { dateOfDay, dayOfDate } from './dates.ts';
import type { Schedule } from './model.ts';

/**
 * Public holidays by country, as the dates that the engine is handed.
 *
 * Their data is large, so it is loaded when the first schedule asks for holidays and not before. The same question is
 * answered with the same array, which the engine has then read already.
 */
export type HolidayCalendar = NonNullable<Schedule['holidays']>;

/** Whole-day public holidays of the years from the one before `year` to the third after it, ascending. */
export function holidaysAround({ country, region }: HolidayCalendar, year: number): Promise<readonly string[]> {
  const key = `${country} ${region ?? ''} ${year}`;
  let dates = known.get(key);
  if (!dates) {
    dates = load(country, region, year);
    known.set(key, dates);
    // What could not be loaded is asked for again; the caller learns of it from the promise.
    dates.catch(() => known.delete(key));
  }
  return dates;
}

/** Whether there is holiday data for a country and, where one is named, its region. */
export async function hasHolidays({ country, region }: HolidayCalendar): Promise<boolean> {
  const { default: Holidays } = await import('date-holidays');
  const all = new Holidays();
  if (!Object.hasOwn(all.getCountries(), country)) return false;
  return region === undefined || Object.hasOwn(all.getStates(country) ?? {}, region);
}

/** As many as there are countries, regions and years that schedules name, which were checked when they were set. */
const known = new Map<string, Promise<readonly string[]>>();

async function load(country: string, region: string | undefined, year: number): Promise<readonly string[]> {
  const { default: Holidays } = await import('date-holidays');
  const calendar = region === undefined ? new Holidays(country) : new Holidays(country, region);
  const dates = new Set<string>();
  for (const counted of [year - 1, year, year + 1, year + 2, year + 3]) {
    for (const { date, start, end, type } of calendar.getHolidays(counted)) {
      if (type !== 'public') continue;
      // A day can have 23 hours, and some holidays are of half a day: those close nothing.
      const days = Math.floor((end.getTime() - start.getTime() + 2 * 3_600_000) / 86_400_000);
      const first = dayOfDate(date.slice(0, 10));
      for (let day = first; day < first + days; day++) dates.add(dateOfDay(day));
    }
  }
  return [...dates].sort();
}
