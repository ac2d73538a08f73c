import { calendarDate, datesOfMonth, wholeDate } from './calendar-date.ts';
import { type Context, type Cursor, firstOf, longestOf, type Read, type Rule, read } from './cursor.ts';
import { type Dates, only, part, span } from './date-part.ts';
import { dayOf, mondayOf, monthRange, partsOf, validDay, weekdayFrom, weekdayOf } from './days.ts';
import { amountOf } from './durations.ts';
import type { DateSpec, Day } from './model.ts';
import { edgeOfPeriod, ordinalOfMonth, period } from './periods.ts';
import { pieceOfPeriod } from './pieces.ts';
import { workDays } from './work-days.ts';

/** Which days: the rule that reads the most words; the earlier one where two read as many. */
export const dates: Rule<Dates> = (cursor, context) =>
  longestOf(
    weekOf,
    edgeOfPeriod,
    pieceOfPeriod,
    ordinalOfMonth,
    dayRange,
    datesOfMonth,
    bounded,
    relativeDay,
    counted,
    workDays,
    period,
    nextWeekday,
    weekdaySet,
    singleDay,
  )(cursor.past('on'), context);

/** How far "after the 20th" or "from Monday on" reach. */
export const openEndDays = 14;

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
  const weeks = weeksAhead(day.next);
  if (weeks) return read(part(only(inWeek(today + 7 * weeks.value, weekday))), weeks.next);
  if (day.next.means('after', 'next'))
    return read(part(only(mondayOf(today) + 14 + ((weekday + 6) % 7))), day.next.skip(2));
  return day;
}

/** "in two weeks", "in a fortnight". */
function weeksAhead(cursor: Cursor): Read<number> | undefined {
  const amount = cursor.means('in') ? amountOf(cursor.skip()) : undefined;
  const [week, fortnight] = [amount?.next.after('week'), amount?.next.after('fortnight')];
  if (!amount || !Number.isInteger(amount.value) || amount.value > 52) return undefined;
  if (fortnight) return read(2 * amount.value, fortnight);
  return week && read(amount.value, week);
}

/** The weekday of the week that a day is in. */
function inWeek(day: Day, weekday: number): Day {
  return mondayOf(day) + ((weekday + 6) % 7);
}

// ── Relative days and weekdays ───────────────────────────────────────────────────────────────────

const relativeDay: Rule<Dates> = (cursor, context) => {
  const { today } = context;
  const at = cursor.past('the');
  if (at.means('day', 'after', 'tomorrow')) return read(part(only(today + 2)), at.skip(3));
  const base = at.means('day', 'after') ? firstOf(nextWeekday, singleDay)(at.skip(2), context) : undefined;
  if (base) return read(part(only(firstDayOf(base.value.spec, today)! + 1)), base.next);
  if (at.means('next', 'day') || at.means('following', 'day')) return read(part(only(today + 1)), at.skip(2));
  const now = cursor.past('later').after('today');
  if (now) return read(part(only(today)), now);
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
  const from = weeks?.next.after('week', 'fortnight')?.after('from', 'after', 'on');
  if (!weeks || !from) return undefined;
  const base = singleDay(from, context) ?? relativeDay(from, context);
  const day = base && firstDayOf(base.value.spec, today);
  const length = weeks.next.means('fortnight') ? 14 : 7;
  return day === undefined ? undefined : read(part(only(day + length * weeks.value)), base!.next);
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

/** "in 3 days", "in two weeks", "the next 5 days", "within 10 days", "two weeks from now", "the next couple of weeks". */
const counted: Rule<Dates> = (cursor, { today }) => {
  const weeks = weeksAhead(cursor);
  const weekday = weeks?.next.past('on').token?.weekday;
  if (weeks && weekday !== undefined)
    return read(part(only(inWeek(today + 7 * weeks.value, weekday))), weeks.next.past('on').skip());
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
    ? { before: 'from', until: 'from', after: 'until', later: 'until' }[word as 'before']
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

export function lastDayOf(spec: DateSpec, today: Day): Day | undefined {
  return spec.ranges ? spec.ranges.at(-1)?.to : firstDayOf(spec, today);
}
