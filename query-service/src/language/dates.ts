import { type Context, type Cursor, firstOf, longestOf, type Read, type Rule, read } from './cursor.ts';
import { dayOf, isoOf, mondayOf, monthRange, partsOf, validDay, weekdayFrom, weekdayOf } from './days.ts';
import { amountOf } from './durations.ts';
import type { DateSpec, Day, Other, Part } from './model.ts';

type Dates = Extract<Part, { kind: 'dates' }>;

/** Which days: the rule that reads the most words; the earlier one where two read as many. */
export const dates: Rule<Dates> = (cursor, context) =>
  longestOf(
    weekOf,
    edgeOfPeriod,
    ordinalOfMonth,
    dayRange,
    bounded,
    relativeDay,
    counted,
    period,
    nextWeekday,
    weekdaySet,
    singleDay,
  )(cursor.past('on'), context);

const only = (day: Day): DateSpec => ({ ranges: [{ from: day, to: day }] });
const span = (from: Day, to: Day): DateSpec => ({ ranges: [{ from, to }] });
const part = (spec: DateSpec, extras: { assumption?: string; others?: readonly Other<DateSpec>[] } = {}): Dates => ({
  kind: 'dates',
  spec,
  ...extras,
});

/** How far "after the 20th" or "from Monday on" reach. */
const openEndDays = 14;

// ── One calendar date ────────────────────────────────────────────────────────────────────────────

/** "the 21st", "October 21", "21 October 2026", "2026-10-21", "10/21", "Tuesday the 21st", "Tue, Oct 20". */
export const calendarDate: Rule<Dates> = (cursor, context) => {
  const start = cursor.past('on', 'the');
  const token = start.token;
  if (token?.isoDate) {
    const day = validDay(...token.isoDate);
    return day === undefined ? undefined : read(part(only(day)), start.skip());
  }
  if (token?.slashDate) return slashDate(token.slashDate, start.skip(), context);
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

function wholeDate(cursor: Cursor): number | undefined {
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

/** 10/21 can only be a month first; 4/5 can be either. */
function slashDate(
  [first, second, year]: readonly [number, number, number | undefined],
  next: Cursor,
  { today }: Context,
): Read<Dates> | undefined {
  const resolve = (month: number, date: number) => {
    const thisYear = partsOf(today).year;
    return (year ? [year] : [thisYear, thisYear + 1])
      .map((each) => validDay(each, month, date))
      .find((each) => each !== undefined && (year !== undefined || each >= today));
  };
  const [monthFirst, dayFirst] = [resolve(first, second), resolve(second, first)];
  if (monthFirst === undefined) return dayFirst === undefined ? undefined : read(part(only(dayFirst)), next);
  const others =
    dayFirst === undefined || dayFirst === monthFirst
      ? undefined
      : [{ spec: only(dayFirst), because: `${first}/${second} can also be read day first` }];
  return read(part(only(monthFirst), { assumption: 'read the date as month/day', ...(others && { others }) }), next);
}

/** A calendar date or a bare weekday. */
const singleDay: Rule<Dates> = (cursor, context) => {
  const date = calendarDate(cursor, context);
  if (date) return date;
  const at = cursor.past('on', 'the', 'every', 'any');
  const every = at.token?.everyWeekday ?? (cursor.past('on').after('every', 'any') ? at.token?.weekday : undefined);
  if (every !== undefined) return read(part({ weekdays: [every], every: true }), at.skip());
  const weekday = at.token?.weekday;
  if (weekday === undefined) return undefined;
  return weekLater(read(part({ weekdays: [weekday] }), at.skip()), weekday, context);
};

/** "Tuesday week", "Tuesday next week" stays a weekday of that week; "Friday after next". */
function weekLater(day: Read<Dates>, weekday: number, { today }: Context): Read<Dates> {
  const coming = weekdayFrom(today, weekday);
  if (day.next.means('week') && day.next.token?.text === 'week') return read(part(only(coming + 7)), day.next.skip());
  if (day.next.means('after', 'next'))
    return read(part(only(mondayOf(today) + 14 + ((weekday + 6) % 7))), day.next.skip(2));
  return day;
}

// ── Relative days and weekdays ───────────────────────────────────────────────────────────────────

const relativeDay: Rule<Dates> = (cursor, { today }) => {
  const at = cursor.past('the');
  if (at.means('day', 'after', 'tomorrow')) return read(part(only(today + 2)), at.skip(3));
  if (at.means('next', 'day') || at.means('following', 'day')) return read(part(only(today + 1)), at.skip(2));
  if (cursor.means('today')) return read(part(only(today)), cursor.skip());
  if (cursor.means('tonight')) return undefined;
  if (cursor.means('tomorrow')) return read(part(only(today + 1)), cursor.skip());
  return undefined;
};

/** "next Tuesday", "this Friday", "the coming Monday", "a week from Tuesday", "the Tuesday after next". */
const nextWeekday: Rule<Dates> = (cursor, context) => {
  const { today } = context;
  const at = cursor.past('the');
  const which = at.token?.meaning;
  const weekday = at.peek(1)?.weekday;
  if (weekday !== undefined && (which === 'this' || which === 'coming' || which === 'following'))
    return read(part(only(weekdayFrom(today, weekday))), at.skip(2));
  if (weekday !== undefined && which === 'next') {
    const ofNextWeek = mondayOf(today) + 7 + ((weekday + 6) % 7);
    const coming = weekdayFrom(today + 1, weekday);
    const others =
      coming === ofNextWeek ? undefined : [{ spec: only(coming), because: 'next can also mean the coming one' }];
    return read(part(only(ofNextWeek), others && { others }), at.skip(2));
  }
  const weeks = amountOf(at);
  const from = weeks?.next.after('week')?.after('from', 'after', 'on');
  if (!weeks || !from) return undefined;
  const base = singleDay(from, context) ?? relativeDay(from, context);
  const day = base && firstDayOf(base.value.spec, today);
  return day === undefined ? undefined : read(part(only(day + 7 * weeks.value)), base!.next);
};

/** "weekdays", "Mon-Fri", "Monday to Wednesday", "the weekend", "next weekend". */
const weekdaySet: Rule<Dates> = (cursor, { today }) => {
  const at = cursor.past('on', 'the', 'any', 'every', 'in');
  const set = at.token?.weekdaySet;
  if (set) return read(part({ weekdays: set, every: true }), at.skip());
  const which = at.after('this', 'next', 'coming');
  const weekend = (which ?? at).after('weekend');
  if (!weekend) return undefined;
  const saturday = weekdayOf(today) === 0 ? today - 1 : weekdayFrom(today, 6);
  if (at.token?.text === 'weekends' || cursor.past('on').after('any', 'every'))
    return read(part({ weekdays: [0, 6], every: true }), weekend);
  if (at.means('next')) {
    const next = mondayOf(today) + 12;
    const others =
      next === saturday
        ? undefined
        : [{ spec: span(saturday, saturday + 1), because: 'next can also mean the coming one' }];
    return read(part(span(next, next + 1), others && { others }), weekend);
  }
  return read(part(span(saturday, saturday + 1)), weekend);
};

// ── Weeks, months and amounts of them ────────────────────────────────────────────────────────────

/** "the week of the 26th", "week commencing Oct 26". */
const weekOf: Rule<Dates> = (cursor, context) => {
  const at = cursor.past('in', 'the').after('week');
  const word = at?.token;
  const date =
    word && (word.meaning === 'of' || word.text === 'commencing' || word.text === 'beginning')
      ? calendarDate(at!.skip(), context)
      : undefined;
  if (!date) return undefined;
  const day = date.value.spec.ranges?.[0]?.from;
  if (day === undefined) return date;
  const monday = mondayOf(day);
  return read(part(span(monday, monday + 6)), date.next);
};

/** "this week", "next week", "the week after next", "next month", "in October", "this year". */
export const period: Rule<Dates> = (cursor, { today }) => {
  const at = cursor.past('in', 'the', 'within');
  const monday = mondayOf(today);
  if (at.means('week', 'after', 'next')) return read(part(span(monday + 14, monday + 20)), at.skip(3));
  if (at.means('week', 'after')) return read(part(span(monday + 7, monday + 13)), at.skip(2));
  if (at.means('rest') && at.skip().past('of', 'the', 'this').means('week'))
    return read(part(span(today, monday + 6)), at.skip().past('of', 'the', 'this').skip());
  if (at.means('fortnight')) return read(part(span(today, today + 13)), at.skip());
  const which = at.after('this', 'next', 'coming', 'following');
  const ahead = at.means('this') ? 0 : 1;
  if (which?.means('week')) {
    const from = monday + 7 * ahead;
    return read(part(span(Math.max(from, today), from + 6)), which.skip());
  }
  if (which?.means('month')) {
    const { year, month } = partsOf(today);
    const range = monthRange(year, month + ahead);
    return read(part(span(Math.max(range.from, today), range.to)), which.skip());
  }
  const named = (which ?? at).token?.month;
  // "may" and "march" are also words: alone they are months only behind "in", "this" or "next".
  if (named === undefined || (named === 5 && at.at === cursor.at && !which)) return undefined;
  return namedMonth(which ?? at, today, which !== undefined && ahead === 1);
};

/** "October", "May 2030": the coming one, unless a year says which. */
function namedMonth(at: Cursor, today: Day, notThisOne = false): Read<Dates> | undefined {
  const named = at.token?.month;
  if (named === undefined) return undefined;
  const { year, month } = partsOf(today);
  const said = yearAt(at.skip());
  const coming = named < month || (named === month && notThisOne) ? year + 1 : year;
  const range = monthRange(said ?? coming, named);
  return read(part(span(Math.max(range.from, today), range.to)), said === undefined ? at.skip() : at.skip(2));
}

function yearAt({ token }: Cursor): number | undefined {
  const year = token?.number;
  return year !== undefined && year >= 2000 && year < 2200 && Number.isInteger(year) ? year : undefined;
}

/** "in 3 days", "in two weeks", "the next 5 days", "within 10 days", "two weeks from now", "the next couple of weeks". */
const counted: Rule<Dates> = (cursor, { today }) => {
  const at = cursor.past('in', 'within', 'the');
  const ranged = at.after('next', 'coming', 'following');
  const amount = amountOf(ranged ?? at);
  const word = amount?.next.past('of').token;
  const unit = word?.meaning;
  if (amount && unit === 'hour' && amount.value >= 12 && (ranged || at.at > cursor.at))
    return read(part(span(today, today + Math.ceil(amount.value / 24))), amount.next.past('of').skip());
  if (!amount || !['day', 'week', 'month', 'fortnight'].includes(unit ?? '')) return undefined;
  const next = amount.next.past('of').skip();
  const workingDays = word!.text === 'workdays';
  const length =
    unit === 'day'
      ? amount.value
      : unit === 'week'
        ? amount.value * 7
        : unit === 'fortnight'
          ? 14 * amount.value
          : amount.value * 30;
  if (workingDays || length > 366 || length < 1) return undefined;
  if (ranged || cursor.past('the').means('within'))
    return read(part(span(today, today + length - (unit === 'day' ? 0 : 1))), next);
  const hence = next.means('from', 'now')
    ? next.skip(2)
    : next.means('from', 'today')
      ? next.skip(2)
      : next.means('later')
        ? next.skip()
        : undefined;
  if (!hence && !cursor.past('on').means('in')) return undefined;
  return read(part(unit === 'month' ? only(sameDateLater(today, amount.value)) : only(today + length)), hence ?? next);
};

function sameDateLater(day: Day, months: number): Day {
  const { year, month, date } = partsOf(day);
  const { to } = monthRange(year, month + months);
  return Math.min(dayOf(year, month + months, 1) + date - 1, to);
}

/** "early next week", "end of the month", "beginning of November", "mid October", "later this week". */
const edgeOfPeriod: Rule<Dates> = (cursor, context) => {
  const at = cursor.past('at', 'the', 'in');
  const edge = at.after('early', 'late', 'later', 'beginning', 'end', 'mid');
  const inner =
    edge &&
    firstOf(period, bareWeek)(
      edge.past('of', 'in', 'the').token?.text === '-' ? edge.skip() : edge.past('of', 'the'),
      context,
    );
  const range = inner?.value.spec.ranges?.[0];
  if (!edge || !inner || !range) return undefined;
  const which = at.token!.meaning;
  const week = range.to - range.from < 7;
  const full = week
    ? { from: range.to - 6, to: range.to }
    : monthRange(partsOf(range.to).year, partsOf(range.to).month);
  const pieces = week
    ? { early: [0, 1], late: [3, 4], mid: [1, 3] }
    : { early: [0, 9], late: [full.to - full.from - 9, full.to - full.from], mid: [10, 19] };
  if (which === 'later')
    return read(part(span(context.today + (full.from <= context.today ? 1 : 0) || full.from, full.to)), inner.next);
  const [from, to] =
    which === 'mid' ? pieces.mid : which === 'early' || which === 'beginning' ? pieces.early : pieces.late;
  const spec = span(Math.max(full.from + from!, context.today), full.from + to!);
  return read(part(spec), inner.next);
};

const bareWeek: Rule<Dates> = (cursor, { today }) => {
  const monday = mondayOf(today);
  if (cursor.means('week')) return read(part(span(today, monday + 6)), cursor.skip());
  const { year, month } = partsOf(today);
  return cursor.means('month') ? read(part(span(today, monthRange(year, month).to)), cursor.skip()) : undefined;
};

/** "the first Monday of November", "last week of October", "third Tuesday of next month". */
const ordinalOfMonth: Rule<Dates> = (cursor, context) => {
  const at = cursor.past('in', 'on', 'the');
  const nth = at.token?.meaning === 'last' ? -1 : at.token?.ordinal;
  const named = at.peek(1);
  const month = at.skip(2).after('of', 'in');
  const found = month && (namedMonth(month, context.today) ?? firstOf(period, bareWeek)(month.past('the'), context));
  const range = found?.value.spec.ranges?.[0];
  if (!nth || nth > 5 || !found || !range || range.to - range.from > 31) return undefined;
  const whole = monthRange(partsOf(range.to).year, partsOf(range.to).month);
  if (named?.weekday !== undefined) {
    const day =
      nth > 0 ? weekdayFrom(whole.from, named.weekday) + 7 * (nth - 1) : weekdayFrom(whole.to - 6, named.weekday);
    return read(part(day <= whole.to ? only(day) : { ranges: [] }), found.next);
  }
  if (named?.meaning !== 'week') return undefined;
  const first = nth > 0 ? whole.from + 7 * (nth - 1) : whole.to - 6;
  return read(part(span(first, Math.min(first + 6, whole.to))), found.next);
};

// ── Ranges and bounds of days ────────────────────────────────────────────────────────────────────

/** "Monday to Wednesday", "between the 3rd and the 7th", "Nov 3-7", "from tomorrow until Friday". */
const dayRange: Rule<Dates> = (cursor, context) => {
  const opened = cursor.after('between', 'from');
  const first = endOfRange(opened ?? cursor, context);
  const joined = first?.next.after('to', 'until', ...(cursor.means('between') ? (['and'] as const) : []));
  const second = joined && (endOfRange(joined, context) ?? sameMonth(joined, first!.value, context));
  if (!first || !second) return undefined;
  const [one, two] = [first.value.spec, second.value.spec];
  if (one.weekdays && two.weekdays && !one.ranges && !two.ranges) {
    const length = (two.weekdays[0]! - one.weekdays[0]! + 7) % 7;
    const weekdays = Array.from({ length: length + 1 }, (_, index) => (one.weekdays![0]! + index) % 7);
    return read(part({ weekdays }), second.next);
  }
  const from = firstDayOf(one, context.today);
  const to =
    two.weekdays && !two.ranges ? weekdayFrom(from ?? context.today, two.weekdays[0]!) : two.ranges?.at(-1)?.to;
  return from === undefined || to === undefined || to < from ? undefined : read(part(span(from, to)), second.next);
};

const endOfRange: Rule<Dates> = (cursor, context) => firstOf(relativeDay, nextWeekday, singleDay)(cursor, context);

/** The "7" of "Nov 3-7". */
function sameMonth(cursor: Cursor, first: Dates, _context: Context): Read<Dates> | undefined {
  const date = wholeDate(cursor.past('the'));
  const from = first.spec.ranges?.[0]?.from;
  if (date === undefined || from === undefined) return undefined;
  const { year, month } = partsOf(from);
  const day = validDay(year, month, date);
  return day === undefined ? undefined : read(part(only(day)), cursor.past('the').skip());
}

/** "by Friday", "before the 20th", "after Wednesday", "from Monday on", "starting tomorrow", "until Friday". */
const bounded: Rule<Dates> = (cursor, context) => {
  const { today } = context;
  const negated = cursor.after('not');
  const word = (negated ?? cursor).token?.meaning;
  const at =
    (negated ?? cursor).token?.meaning === 'later'
      ? (negated ?? cursor).skip().after('than')
      : (negated ?? cursor).after('by', 'before', 'after', 'from', 'until', 'within');
  const edge = at && longestOf(edgeOfPeriod, ordinalOfMonth, relativeDay, nextWeekday, singleDay, period)(at, context);
  const [first, last] = [edge && firstDayOf(edge.value.spec, today), edge && lastDayOf(edge.value.spec, today)];
  if (!edge || first === undefined || last === undefined || !word) return undefined;
  const side = negated
    ? { before: 'from', after: 'until', later: 'until' }[word as 'before']
    : ({ by: 'until', later: undefined }[word as 'by'] ?? word);
  if (side === 'until') return last < today ? undefined : read(part(span(today, last)), edge.next);
  if (side === 'before' && at!.past('the').means('end')) return read(part(span(today, last)), edge.next);
  if (side === 'before') return first - 1 < today ? undefined : read(part(span(today, first - 1)), edge.next);
  if (side === 'after') return read(part(span(last + 1, last + openEndDays)), edge.next);
  if (side === 'from') return read(part(span(first, first + openEndDays - 1)), edge.next.past('onwards', 'on'));
  return undefined;
};

/** The first day that a spec can mean, seen from today. */
export function firstDayOf(spec: DateSpec, today: Day): Day | undefined {
  if (spec.ranges) return spec.ranges[0]?.from;
  return spec.weekdays && Math.min(...spec.weekdays.map((weekday) => weekdayFrom(today, weekday)));
}

function lastDayOf(spec: DateSpec, today: Day): Day | undefined {
  return spec.ranges ? spec.ranges.at(-1)?.to : firstDayOf(spec, today);
}
