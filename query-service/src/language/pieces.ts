import { firstOf, type Rule, read } from './cursor.ts';
import type { Dates } from './date-part.ts';
import { monthRange, partsOf } from './days.ts';
import { amountOf } from './durations.ts';
import type { Day } from './model.ts';
import { bareWeek, namedMonth, period } from './periods.ts';

/** "the first half of November", "second half of next week", "the last two weeks of November", "first 10 days of May". */
export const pieceOfPeriod: Rule<Dates> = (cursor, context) => {
  const at = cursor.past('in', 'the');
  const which = at.token?.meaning === 'last' ? -1 : at.token?.ordinal;
  if (which !== 1 && which !== 2 && which !== -1) return undefined;
  const half = at.skip().after('half');
  const amount = half ? undefined : amountOf(at.skip());
  const unit = amount?.next.token?.meaning;
  const inner = half ?? (unit === 'day' || unit === 'week' ? amount!.next.skip() : undefined);
  const of = inner?.after('of', 'in')?.past('the');
  const found = of && (namedMonth(of, context.today) ?? firstOf(period, bareWeek)(of, context));
  const range = found?.value.spec.ranges?.[0];
  if (!found || !range || (which === 2 && !half)) return undefined;
  const whole = wholeOf(range);
  const [from, to] = half ? halfOf(whole, which) : countedOf(whole, which, amount!.value * (unit === 'week' ? 7 : 1));
  return read({ kind: 'dates', spec: { ranges: [{ from: Math.max(from, context.today), to }] } }, found.next);
};

interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

/** The week or month whose rest is left of it. */
function wholeOf({ from, to }: DayRange): DayRange {
  if (to - from < 7) return { from: to - 6, to };
  const { year, month } = partsOf(to);
  return monthRange(year, month);
}

/** A week's first half is Monday to Wednesday, a month's the first fifteen days. */
function halfOf({ from, to }: DayRange, which: number): [Day, Day] {
  const middle = to - from < 7 ? from + 2 : from + 14;
  return which === 1 ? [from, middle] : [middle + 1, to];
}

function countedOf({ from, to }: DayRange, which: number, days: number): [Day, Day] {
  return which === 1 ? [from, Math.min(to, from + days - 1)] : [Math.max(from, to - days + 1), to];
}
