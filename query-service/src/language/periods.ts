import { type Cursor, firstOf, type Read, type Rule, read } from './cursor.ts';
import { type Dates, only, part, span } from './date-part.ts';
import { mondayOf, monthRange, partsOf, weekdayFrom } from './days.ts';
import type { Day } from './model.ts';

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
export function namedMonth(at: Cursor, today: Day, notThisOne = false): Read<Dates> | undefined {
  const named = at.token?.month;
  if (named === undefined) return undefined;
  const { year, month } = partsOf(today);
  const said = yearAt(at.skip());
  const coming = named < month || (named === month && notThisOne) ? year + 1 : year;
  const range = monthRange(said ?? coming, named);
  return read(part(span(Math.max(range.from, today), range.to)), said === undefined ? at.skip() : at.skip(2));
}

export function yearAt({ token }: Cursor): number | undefined {
  const year = token?.number;
  return year !== undefined && year >= 2000 && year < 2200 && Number.isInteger(year) ? year : undefined;
}

/** "early next week", "end of the month", "beginning of November", "mid October", "later this week". */
export const edgeOfPeriod: Rule<Dates> = (cursor, context) => {
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

export const bareWeek: Rule<Dates> = (cursor, { today }) => {
  const monday = mondayOf(today);
  if (cursor.means('week')) return read(part(span(today, monday + 6)), cursor.skip());
  const { year, month } = partsOf(today);
  return cursor.means('month') ? read(part(span(today, monthRange(year, month).to)), cursor.skip()) : undefined;
};

/** "the first Monday of November", "last week of October", "the last day of next month". */
export const ordinalOfMonth: Rule<Dates> = (cursor, context) => {
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
  if (named?.meaning === 'day') return read(part(only(nth > 0 ? whole.from + nth - 1 : whole.to)), found.next);
  if (named?.meaning !== 'week') return undefined;
  const first = nth > 0 ? whole.from + 7 * (nth - 1) : whole.to - 6;
  return read(part(span(first, Math.min(first + 6, whole.to))), found.next);
};
