import { type Cursor, type Rule, read } from './cursor.ts';
import type { Dates } from './date-part.ts';
import { weekdayOf } from './days.ts';
import { amountOf } from './durations.ts';
import type { Day } from './model.ts';

const mondayToFriday = [1, 2, 3, 4, 5];

/**
 * "next business day", "in three working days", "within 5 business days", "the next 3 workdays". Monday to Friday: which of
 * them somebody does not work, their schedule says.
 */
export const workDays: Rule<Dates> = (cursor, { today }) => {
  const at = cursor.past('in', 'within', 'the');
  const ranged = at.after('next', 'coming', 'following');
  const single = ranged && workDay(ranged);
  if (single) return read(dates({ ranges: [{ from: nth(today, 1), to: nth(today, 1) }] }), single);
  const amount = amountOf(ranged ?? at);
  const unit = amount && workDay(amount.next);
  if (!unit || amount.value < 1 || amount.value > 60) return undefined;
  const last = nth(today, amount.value);
  if (ranged || cursor.past('the').means('within'))
    return read(dates({ ranges: [{ from: today, to: last }], weekdays: mondayToFriday, every: true }), unit);
  const hence = unit.means('from', 'now') || unit.means('from', 'today') ? unit.skip(2) : undefined;
  return hence || cursor.past('on').means('in')
    ? read(dates({ ranges: [{ from: last, to: last }] }), hence ?? unit)
    : undefined;
};

function workDay(cursor: Cursor): Cursor | undefined {
  const word = cursor.token;
  if (word?.text === 'workday' || word?.text === 'workdays') return cursor.skip();
  return ['business', 'working', 'work'].includes(word?.text ?? '') ? cursor.skip().after('day') : undefined;
}

/** The n-th working day after a day. */
function nth(day: Day, count: number): Day {
  let at = day;
  for (let left = count; left > 0; ) {
    at += 1;
    if (mondayToFriday.includes(weekdayOf(at))) left -= 1;
  }
  return at;
}

function dates(spec: Dates['spec']): Dates {
  return { kind: 'dates', spec };
}
