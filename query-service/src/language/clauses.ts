import { weekdayFrom, weekdayOf } from './days.ts';
import type { Clause, DateSpec, Day, DayWindow, Part, TimeSpec } from './model.ts';

/** Without any date the text is about the next two weeks. */
export const horizonDays = 14;

/** Groups parts into clauses: what "or" joins is another choice of the same clause, unless it has days and hours of its own. */
export function clausesOf(parts: readonly Part[]): Clause[] {
  const clauses: Gathering[] = [{ dates: [], times: [], timesFirst: false }];
  for (const segment of segmentsOf(parts)) {
    if (beginsAnew(clauses.at(-1)!, segment)) clauses.push({ dates: [], times: [], timesFirst: false });
    gather(clauses.at(-1)!, segment);
  }
  return clauses.map(({ dates, times }) => ({
    ...narrowed('dates', dates, narrowDates),
    ...narrowed('times', times, narrowTimes),
  }));
}

/** A clause in the making: groups narrow each other, alternatives stand in one group. `timesFirst`: "at 9 on Monday". */
interface Gathering {
  readonly dates: DateSpec[][];
  readonly times: TimeSpec[][];
  timesFirst: boolean;
}

type Spec = Extract<Part, { kind: 'dates' | 'times' }>;

/** What stands between two joins, and by what it is joined to what was said before. */
interface Segment {
  readonly joined: 'or' | 'comma' | undefined;
  readonly specs: Spec[];
}

function segmentsOf(parts: readonly Part[]): Segment[] {
  const segments: Segment[] = [{ joined: undefined, specs: [] }];
  for (const part of parts) {
    if (part.kind === 'join') segments.push({ joined: part.comma ? 'comma' : 'or', specs: [] });
    else if (part.kind === 'dates' || part.kind === 'times') segments.at(-1)!.specs.push(part);
  }
  return segments.filter(({ specs }) => specs.length > 0);
}

/** "Tuesday at 2 or Thursday at 3" does, "at 2 on Tuesday or Thursday" and "Tuesday at 2 or 3 next week" do not. */
function beginsAnew({ dates, times, timesFirst }: Gathering, segment: Segment): boolean {
  const day = segment.specs.find((part) => part.kind === 'dates')?.spec;
  if (!day || dates.length === 0 || times.length === 0) return false;
  const timed = segment.specs.some((part) => part.kind === 'times');
  return !narrowsDays(dates, day, segment) && (timed || !timesFirst);
}

function gather(clause: Gathering, segment: Segment): void {
  for (const [index, part] of segment.specs.entries()) {
    if (part.kind === 'dates') {
      if (clause.dates.length === 0) clause.timesFirst = clause.times.length > 0;
      const before = segment.joined && !narrowsDays(clause.dates, part.spec, segment) && index === 0;
      if (before) addDays(clause.dates, part.spec);
      else clause.dates.push([part.spec]);
    } else if (segment.joined && index === 0 && !narrowsHours(clause.times, part.spec, segment)) {
      if (clause.times.length > 0) clause.times.at(-1)!.push(part.spec);
      else clause.times.push([part.spec]);
    } else clause.times.push([part.spec]);
  }
}

/** "next week, Tuesday" is the Tuesday of next week, and so is "Tuesday at 2 or 3 next week"; "Tuesday or next week" is either. */
function narrowsDays(groups: readonly (readonly DateSpec[])[], spec: DateSpec, { joined, specs }: Segment): boolean {
  const hours = specs[0]!.kind === 'times';
  const weekdays = groups.flat().every(({ ranges }) => !ranges);
  const period = (each: DateSpec) => each.ranges?.some(({ from, to }) => from < to) === true;
  if (joined === 'comma' && !spec.ranges) return groups.flat().some(period);
  return (joined === 'comma' || hours) && weekdays && period(spec);
}

/** "Tuesday afternoon, after 3" narrows; "Tuesday at 2, at 3" and "9 to 11, 10 to 12" are choices. */
function narrowsHours(groups: readonly (readonly TimeSpec[])[], spec: TimeSpec, { joined }: Segment): boolean {
  const alike = (other: TimeSpec) => (spec.fits && other.fits) || (spec.exact && other.exact);
  return joined === 'comma' && groups.flat().every((other) => !alike(other) && narrowTimes(other, spec).length > 0);
}

/** "next Tuesday or Wednesday": the Wednesday is the one that follows; "Tuesday next week or Wednesday": of next week too. */
function addDays(groups: DateSpec[][], spec: DateSpec): void {
  const bare = !spec.ranges && !spec.every && spec.weekdays?.length === 1;
  const weekdays = bare ? groups.find((group) => group.every(({ ranges }) => !ranges)) : undefined;
  const group = weekdays ?? groups.at(-1);
  const from = group?.at(-1)?.ranges?.[0]?.from;
  if (!group) groups.push([spec]);
  else if (!bare || from === undefined) group.push(spec);
  else {
    const day = weekdayFrom(from, spec.weekdays![0]!);
    group.push({ ranges: [{ from: day, to: day }] });
  }
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
