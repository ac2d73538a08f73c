import type { Context, Cursor, Read, Rule } from './cursor.ts';
import { read } from './cursor.ts';
import { type Dates, only, part } from './date-part.ts';
import { dayOf, isoOf, partsOf, validDay, weekdayFrom, weekdayOf } from './days.ts';
import type { Day } from './model.ts';
import { yearAt } from './periods.ts';

/** "the 21st", "October 21", "21 October 2026", "2026-10-21", "10/21", "Tuesday the 21st", "Tue, Oct 20". */
export const calendarDate: Rule<Dates> = (cursor, context) => {
  const start = cursor.past('on', 'the');
  const token = start.token;
  if (token?.isoDate) {
    const day = validDay(...token.isoDate);
    return day === undefined ? undefined : read(part(only(day)), start.skip());
  }
  if (token?.slashDate) return slashDate(token.slashDate, start.skip(), context);
  if (token?.dottedDate) {
    const [date, month, year] = token.dottedDate;
    const day = comingDay(month, date, year, context.today);
    return day === undefined ? undefined : read(part(only(day)), start.skip());
  }
  if (token?.weekday !== undefined) {
    const comma = start.skip();
    const date = dayAndMonth((comma.token?.comma ? comma.skip() : comma).past('the'), context);
    return date && { ...date, value: matchWeekday(date.value, token.weekday) };
  }
  return dayAndMonth(start, context);
};

/** "Tuesday the 21st" where the 21st is no Tuesday: the date holds, and it is said. */
function matchWeekday(date: Dates, weekday: number): Dates {
  const day = date.spec.ranges?.[0]?.from;
  if (day === undefined || weekdayOf(day) === weekday) return date;
  const nearest = weekdayFrom(day - 3, weekday);
  return { ...date, others: [{ spec: only(nearest), because: `${isoOf(day)} is not on the weekday that was named` }] };
}

function dayAndMonth(cursor: Cursor, context: Context): Read<Dates> | undefined {
  const token = cursor.token;
  if (token?.month !== undefined) {
    const dateAt = cursor.skip().past('the');
    const date = dateAt.token?.ordinal ?? wholeDate(dateAt);
    return date === undefined ? undefined : withYear(date, token.month, dateAt.skip(), context);
  }
  const date = token?.ordinal ?? wholeDate(cursor);
  if (date === undefined) return undefined;
  const month = cursor.skip().past('of').token?.month;
  if (month !== undefined) return withYear(date, month, cursor.skip().past('of').skip(), context);
  if (token?.ordinal === undefined || date < 1 || date > 31) return undefined;
  const following = cursor.skip().token;
  if (
    ['week', 'day', 'weekend', 'month', 'available', 'quarter'].includes(following?.meaning ?? '') ||
    following?.text === 'thing'
  )
    return undefined;
  const nextMonth = ['of', 'next', 'month'] as const;
  if (cursor.skip().means(...nextMonth)) return monthly(date, context, 1, cursor.skip(4));
  if (cursor.skip().means('of', 'this', 'month')) return monthly(date, context, 0, cursor.skip(4));
  const coming = comingDate(date, context.today);
  return coming === undefined ? undefined : read(part(only(coming)), cursor.skip());
}

/** "21, 22 or 23 October", "October 3, 4 or 5", "the 3rd and 4th of May": without the month, numbers would be hours. */
export const datesOfMonth: Rule<Dates> = (cursor, context) => {
  const opened = cursor.past('the');
  const leading = opened.token?.month;
  const dates: number[] = [];
  let at = leading === undefined ? opened : opened.skip().past('the');
  for (;;) {
    const date = at.token?.ordinal ?? wholeDate(at);
    // Behind a month, what does not go up is no date any more: "October 21 or 22", but "October 21, 2 or 3".
    if (date === undefined || (leading !== undefined && date <= (dates.at(-1) ?? 0))) return undefined;
    dates.push(date);
    at = at.skip();
    const next = (at.token?.comma ? at.skip() : at).past('or', 'and', 'the');
    if (next.at === at.at) break;
    at = next;
  }
  const trailing = at.past('of');
  const month = leading ?? trailing.token?.month;
  if (dates.length < 2 || month === undefined) return undefined;
  const behind = leading === undefined ? trailing.skip() : at;
  const days = dates.flatMap((date) => withYear(date, month, behind, context) ?? []);
  const ranges = days.flatMap(({ value }) => value.spec.ranges ?? []).sort((a, b) => a.from - b.from);
  return days.length < dates.length ? undefined : read(part({ ranges }), days[0]!.next);
};

export function wholeDate(cursor: Cursor): number | undefined {
  const number = cursor.token?.number;
  const clock = cursor.token?.clock !== undefined || ['am', 'pm', 'oclock'].includes(cursor.peek(1)?.meaning ?? '');
  return number !== undefined && !clock && Number.isInteger(number) && number >= 1 && number <= 31 ? number : undefined;
}

function withYear(date: number, month: number, next: Cursor, { today }: Context): Read<Dates> | undefined {
  const afterComma = next.token?.comma ? next.skip() : next;
  const year = yearAt(afterComma);
  if (year !== undefined) {
    const day = validDay(year, month, date);
    return day === undefined ? undefined : read(part(only(day)), afterComma.skip());
  }
  const thisYear = partsOf(today).year;
  const day = [thisYear, thisYear + 1, thisYear + 2, thisYear + 3, thisYear + 4]
    .map((each) => validDay(each, month, date))
    .find((each) => each !== undefined && each >= today);
  return read(
    day === undefined ? part({ ranges: [] }, { assumption: 'there is no such date' }) : part(only(day)),
    next,
  );
}

function monthly(date: number, { today }: Context, ahead: number, next: Cursor): Read<Dates> | undefined {
  const { year, month } = partsOf(today);
  const first = partsOf(dayOf(year, month + ahead, 1));
  const day = validDay(first.year, first.month, date);
  return day === undefined ? undefined : read(part(only(day)), next);
}

/** The next such day of a month that is not over. */
function comingDate(date: number, today: Day): Day | undefined {
  const { year, month } = partsOf(today);
  for (let ahead = 0; ahead < 4; ahead++) {
    const first = partsOf(dayOf(year, month + ahead, 1));
    const day = validDay(first.year, first.month, date);
    if (day !== undefined && day >= today) return day;
  }
  return undefined;
}

/** The day in that year, or the next such one where no year is named. */
function comingDay(month: number, date: number, year: number | undefined, today: Day): Day | undefined {
  const thisYear = partsOf(today).year;
  return (year ? [year] : [thisYear, thisYear + 1])
    .map((each) => validDay(each, month, date))
    .find((each) => each !== undefined && (year !== undefined || each >= today));
}

/** 10/21 can only be a month first; 4/5 can be either. */
function slashDate(
  [first, second, year]: readonly [number, number, number | undefined],
  next: Cursor,
  { today, dayFirst = false }: Context,
): Read<Dates> | undefined {
  const [monthFirst, dateFirst] = [comingDay(first, second, year, today), comingDay(second, first, year, today)];
  const [likely, other] = dayFirst ? [dateFirst, monthFirst] : [monthFirst, dateFirst];
  if (likely === undefined) return other === undefined ? undefined : read(part(only(other)), next);
  const [order, otherOrder] = dayFirst ? ['day/month', 'month first'] : ['month/day', 'day first'];
  const others =
    other === undefined || other === likely
      ? undefined
      : [{ spec: only(other), because: `${first}/${second} can also be read ${otherOrder}` }];
  return read(part(only(likely), { assumption: `read the date as ${order}`, ...(others && { others }) }), next);
}
