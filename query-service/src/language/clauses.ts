import { weekdayFrom, weekdayOf } from './days.ts';
import type { Clause, DateSpec, Day, DayWindow, Part, TimeSpec } from './model.ts';

/** Without any date the text is about the next two weeks. */
export const horizonDays = 14;

/** Groups parts into clauses: a date after a time (joined by "or") begins a new one, everything else gathers. */
export function clausesOf(parts: readonly Part[]): Clause[] {
  const clauses: { dates: DateSpec[][]; times: TimeSpec[][] }[] = [{ dates: [], times: [] }];
  let joined = false;
  for (const part of parts) {
    const clause = clauses.at(-1)!;
    if (part.kind === 'dates') {
      if (joined && clause.times.length > 0 && clause.dates.length > 0)
        clauses.push({ dates: [[part.spec]], times: [] });
      else gather(clause.dates, joined ? besides(clause.dates.at(-1), part.spec) : part.spec, joined);
    }
    if (part.kind === 'times') gather(clause.times, part.spec, joined);
    if (part.kind !== 'exclude') joined = part.kind === 'join';
  }
  return clauses.map(({ dates, times }) => ({
    ...narrowed('dates', dates, narrowDates),
    ...narrowed('times', times, narrowTimes),
  }));
}

/** Joined by "or" it is an alternative of the last group; otherwise a group that narrows the others. */
function gather<T>(groups: T[][], spec: T, joined: boolean): void {
  if (joined && groups.length > 0) groups.at(-1)!.push(spec);
  else groups.push([spec]);
}

/** "next Tuesday or Wednesday": the Wednesday is the one that follows. */
function besides(group: readonly DateSpec[] | undefined, spec: DateSpec): DateSpec {
  const from = group?.at(-1)?.ranges?.[0]?.from;
  if (from === undefined || spec.ranges || spec.every || spec.weekdays?.length !== 1) return spec;
  const day = weekdayFrom(from, spec.weekdays[0]!);
  return { ranges: [{ from: day, to: day }] };
}

/** Groups narrow each other ("next week" and "Tuesday"); alternatives within a group stay side by side. */
function narrowed<K extends keyof Clause, T>(
  key: K,
  groups: readonly (readonly T[])[],
  narrow: (one: T, other: T) => T[],
) {
  if (groups.length === 0) return {};
  return {
    [key]: groups.reduce((known, group) =>
      distinct(known.flatMap((one) => group.flatMap((other) => narrow(one, other)))),
    ),
  };
}

/** Each once: a text that repeats itself would double them with every group. */
function distinct<T>(specs: readonly T[]): readonly T[] {
  return [...new Map(specs.map((spec) => [JSON.stringify(spec), spec])).values()];
}

function narrowDates(one: DateSpec, other: DateSpec): DateSpec[] {
  const weekdays =
    one.weekdays && other.weekdays
      ? one.weekdays.filter((day) => other.weekdays!.includes(day))
      : (one.weekdays ?? other.weekdays);
  const ranges = one.ranges && other.ranges ? overlaps(one.ranges, other.ranges) : (one.ranges ?? other.ranges);
  if (weekdays?.length === 0 || ranges?.length === 0) return [];
  return [
    { ...(ranges && { ranges }), ...(weekdays && { weekdays }), ...((one.every || other.every) && { every: true }) },
  ];
}

type Ranges = NonNullable<DateSpec['ranges']>;

function overlaps(ones: Ranges, others: Ranges): Ranges {
  return ones
    .flatMap((one) => others.map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })))
    .filter(({ from, to }) => from <= to);
}

function narrowTimes(one: TimeSpec, other: TimeSpec): TimeSpec[] {
  const straight = meet(one, other);
  if (straight) return [straight];
  const shifted = (one.eitherHalf && meet(laterHalf(one), other)) || (other.eitherHalf && meet(one, laterHalf(other)));
  return shifted ? [shifted] : [];
}

function meet(one: TimeSpec, other: TimeSpec): TimeSpec | undefined {
  const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
  if (from >= to) return undefined;
  const fits = (one.fits && one.to <= other.to) || (other.fits && other.to <= one.to);
  return { from, to, ...((one.exact || other.exact) && { exact: true }), ...(fits && { fits: true }) };
}

function laterHalf(spec: TimeSpec): TimeSpec {
  return { ...spec, from: (spec.from + 720) % 1440, to: ((spec.to + 719) % 1440) + 1 };
}

/** A range is followed so far and no further: more than anybody lists, and a text can name any year. */
const longestDays = 400;

/** The days of a spec from today on, in order. */
export function daysOf(spec: DateSpec, today: Day): Day[] {
  if (spec.ranges === undefined && spec.weekdays && !spec.every) {
    const first = spec.weekdays.length === 1 ? today : weekdayFrom(today, spec.weekdays[0]!);
    return spec.weekdays.map((weekday) => weekdayFrom(first, weekday)).sort((a, b) => a - b);
  }
  const ranges = spec.ranges ?? [{ from: today, to: today + horizonDays - 1 }];
  const days: Day[] = [];
  for (const { from, to } of ranges) {
    const first = Math.max(from, today);
    for (let day = first; day <= Math.min(to, first + longestDays); day++)
      if (!spec.weekdays || spec.weekdays.includes(weekdayOf(day))) days.push(day);
  }
  return days;
}

/** Crosses the days and times of all clauses, takes the exclusions out, and puts them in order. */
export function windowsOf(parts: readonly Part[], today: Day, nowMinutes: number): DayWindow[] {
  const exclusions = parts.filter((part) => part.kind === 'exclude');
  const notBefore = parts.find((part) => part.kind === 'not-before')?.minutesFromNow;
  const earliest = today * 1440 + nowMinutes + (notBefore ?? 0);
  const windows = clausesOf(parts).flatMap(({ dates, times }) => {
    const days = (dates ?? [notBefore === undefined ? {} : { ranges: [{ from: today, to: today + 1 }] }]).flatMap(
      (spec) => daysOf(spec, today),
    );
    return days.flatMap((day) => (times ?? [{ from: 0, to: 1440 }]).map((time) => windowOf(day, time, earliest)));
  });
  return exclusions
    .reduce(exclude, windows)
    .map((window) => cutBefore(window, earliest))
    .filter((window) => window.from < window.to)
    .sort((a, b) => a.day - b.day || a.from - b.from)
    .filter((window, index, all) => index === 0 || !same(window, all[index - 1]!));
}

/** A bare hour that is over today is meant in the evening: "today at 9", said at ten. */
function windowOf(day: Day, spec: TimeSpec, earliest: number): DayWindow {
  const over = spec.exact && spec.eitherHalf && day * 1440 + spec.from < earliest && spec.from < 720;
  const { from, to, exact, fits } = over ? laterHalf(spec) : spec;
  return { day, from, to, ...(exact && { exact }), ...(fits && { fits }) };
}

function exclude(windows: readonly DayWindow[], exclusion: Extract<Part, { kind: 'exclude' }>): DayWindow[] {
  return windows.flatMap((window) => {
    if (exclusion.dates && !inSpec(window.day, exclusion.dates)) return [window];
    if (!exclusion.times) return [];
    const { from, to } = exclusion.times;
    if (window.exact) return window.from >= from && window.from < to ? [] : [window];
    const before: DayWindow = { ...window, to: Math.min(window.to, from), ...(from < window.to && { fits: true }) };
    return [before, { ...window, from: Math.max(window.from, to) }].filter((piece) => piece.from < piece.to);
  });
}

function inSpec(day: Day, { ranges, weekdays }: DateSpec): boolean {
  return (
    (!ranges || ranges.some(({ from, to }) => day >= from && day <= to)) &&
    (!weekdays || weekdays.includes(weekdayOf(day)))
  );
}

function cutBefore(window: DayWindow, earliest: number): DayWindow {
  const from = Math.max(window.from, earliest - window.day * 1440);
  return window.exact && from > window.from ? { ...window, to: window.from } : { ...window, from };
}

function same(one: DayWindow, other: DayWindow): boolean {
  return one.day === other.day && one.from === other.from && one.to === other.to && one.exact === other.exact;
}
