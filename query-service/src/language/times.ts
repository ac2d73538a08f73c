import { type Context, type Cursor, firstOf, type Read, type Rule, read } from './cursor.ts';
import { amountOf, hourMark } from './durations.ts';
import type { Other, Part, TimeSpec } from './model.ts';
import type { Token } from './tokens.ts';

type Times = Extract<Part, { kind: 'times' }>;

const endOfDay = 24 * 60;

/** When in the day. Tried before dates, since "3 to 5" is about hours unless something says otherwise. */
export const times: Rule<Part> = (cursor, context) =>
  firstOf<Part>(range, bounded, aroundTime, namedEdges, dayPart, exactTime)(cursor, context);

/** A clock time. `bare`: nothing said whether morning or afternoon. */
interface ClockTime {
  readonly minutes: number;
  readonly bare: boolean;
}

/** "3", "3pm", "3:30", "15:00", "half past three", "quarter to four", "ten past 3", "three thirty", "noon". */
export function clockTime(cursor: Cursor): Read<ClockTime> | undefined {
  const token = cursor.token;
  if (!token) return undefined;
  if (token.namedTime !== undefined) return read({ minutes: token.namedTime, bare: false }, cursor.skip());
  const marked = hourMark(cursor) ?? spokenHundred(cursor);
  if (marked) return read({ minutes: marked.value, bare: false }, marked.next);
  const spoken = spokenTime(cursor);
  if (spoken) return withMeridiem(spoken.value, spoken.next);
  if (token.clock)
    return token.clock.short
      ? withMeridiem(token.clock.minutes, cursor.skip())
      : read({ minutes: token.clock.minutes, bare: false }, cursor.skip());
  const military = /^([01]\d|2[0-3])([0-5]\d)$/.exec(token.text);
  if (military && cursor.peek(-1)?.meaning === 'at')
    return read({ minutes: Number(military[1]) * 60 + Number(military[2]), bare: false }, cursor.skip());
  const hour = token.number;
  if (hour === undefined || !Number.isInteger(hour) || hour > 24) return undefined;
  const oh = isOh(cursor.peek(1)) ? cursor.peek(2)?.number : undefined;
  if (oh !== undefined && oh >= 1 && oh <= 9 && hour <= 12) return withMeridiem(hour * 60 + oh, cursor.skip(3));
  const minutes = cursor.peek(1)?.number;
  const spelled =
    minutes !== undefined &&
    minutes >= 10 &&
    minutes < 60 &&
    hour <= 12 &&
    !/\d/.test(token.text + cursor.peek(1)!.text);
  const next = cursor.skip(spelled ? 2 : 1);
  return hour > 12 || token.text === '0'
    ? read({ minutes: hour * 60, bare: false }, next.past('oclock'))
    : withMeridiem(hour * 60 + (spelled ? minutes : 0), next);
}

/** "fifteen hundred hours", "oh nine hundred". */
function spokenHundred(cursor: Cursor): Read<number> | undefined {
  const at = isOh(cursor.token) ? cursor.skip() : cursor;
  const hour = at.token?.number;
  if (hour === undefined || !Number.isInteger(hour) || hour > 23 || at.peek(1)?.text !== 'hundred') return undefined;
  return read(hour * 60, at.skip(2).past('hour'));
}

function isOh(token: Token | undefined): boolean {
  return token?.text === 'oh' || token?.text === 'o' || token?.text === 'zero';
}

/** "half past three", "half three", "quarter to four", "ten past 3": minutes of the day, hour as said. */
function spokenTime(cursor: Cursor): Read<number> | undefined {
  const start = cursor.past('a');
  const word = start.token;
  const bare = start.after('half');
  const halfOf = bare?.token?.number;
  if (bare && halfOf !== undefined && Number.isInteger(halfOf) && halfOf <= 12 && !unitFollows(bare.skip()))
    return read(halfOf * 60 + 30, bare.skip());
  const part = word?.meaning === 'half' ? 30 : word?.meaning === 'quarter' ? 15 : word?.number;
  if (part === undefined || part >= 60) return undefined;
  const afterUnit = start.skip().past('minute');
  const direction = afterUnit.token?.meaning;
  const hour = afterUnit.peek(1)?.number;
  if (hour === undefined || hour > 12 || !Number.isInteger(hour)) return undefined;
  if (direction === 'past' || (direction === 'after' && part < 30)) return read(hour * 60 + part, afterUnit.skip(2));
  const wordy = word?.meaning === 'half' || word?.meaning === 'quarter' || (part % 5 === 0 && !/\d/.test(word!.text));
  const to = afterUnit.token?.text === 'to' || afterUnit.token?.text === 'til';
  return to && wordy && part <= 30 ? read(hour * 60 - part, afterUnit.skip(2)) : undefined;
}

/** "am", "pm", "o'clock", "in the afternoon" decide which half of the day a short time is in. */
function withMeridiem(minutes: number, cursor: Cursor): Read<ClockTime> {
  const next = cursor.past('oclock');
  const twelve = minutes % 720;
  if (next.token?.meaning === 'am') return read({ minutes: twelve, bare: false }, next.skip());
  if (next.token?.meaning === 'pm') return read({ minutes: twelve + 720, bare: false }, next.skip());
  const partAt = next.past('in', 'at', 'the');
  const part = partAt.token?.dayPart;
  if (part && (partAt.at > next.at || partAt.token === next.token)) {
    const inside = [twelve, twelve + 720].find((value) => value >= part[0] && value <= part[1]);
    const half = inside ?? halfBeyond(twelve, part);
    if (half !== undefined) return read({ minutes: half, bare: false }, partAt.skip());
  }
  return read({ minutes, bare: true }, next);
}

/** "Five in the morning" and "two at night" are what is said of hours that the parts of a working day do not hold. */
function halfBeyond(twelve: number, [from, to]: readonly [number, number]): number | undefined {
  if (to <= 720) return twelve;
  if (to < endOfDay) return undefined;
  return twelve < from - 780 ? twelve : twelve + 720;
}

/** A bare hour is meant in the working day: 7 to 11 in the morning, 12 to 6 in the afternoon. */
export function workingDay(time: ClockTime): number {
  if (!time.bare) return time.minutes;
  const twelve = time.minutes % 720;
  return twelve < 7 * 60 ? twelve + 720 : twelve;
}

function said(minutes: number): string {
  const hours = Math.floor(minutes / 60) % 24;
  return `${String(hours).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function timesPart(spec: TimeSpec, bare: boolean, others?: readonly Other<TimeSpec>[]): Times {
  if (!bare) return { kind: 'times', spec, ...(others && { others }) };
  const assumption = `read the time as ${said(spec.from || spec.to)}`;
  return { kind: 'times', spec: { ...spec, eitherHalf: true }, assumption, ...(others && { others }) };
}

/** "between 2 and 4", "from 2 to 4", "2-4pm", "9 to 5", "10 until noon". */
const range: Rule<Part> = (cursor) => {
  const opened = cursor.after('between', 'from');
  const first = clockTime((opened ?? cursor).past('the'));
  const joined = first?.next.after('to', 'until', ...(cursor.means('between') ? (['and'] as const) : []));
  const second = joined && clockTime(joined);
  if (!first || !second || second.next.token?.month !== undefined || second.next.token?.meaning === 'day')
    return undefined;
  if (['day', 'week', 'month', 'hour', 'minute'].includes(second.next.token?.meaning ?? '')) return undefined;
  const to = workingDay(second.value);
  let from = workingDay(first.value);
  if (first.value.bare && !second.value.bare) {
    // "2-4pm": the first shares the second's half of the day where that leaves it earlier.
    const same = (first.value.minutes % 720) + (to >= 720 ? 720 : 0);
    from = same < to ? same : first.value.minutes % 720;
  }
  const end = to <= from ? (second.value.bare && to + 720 <= endOfDay ? to + 720 : to === 0 ? endOfDay : to) : to;
  return end > from
    ? read(timesPart({ from, to: end, fits: true }, first.value.bare && second.value.bare), second.next)
    : undefined;
};

/** "after 3", "before 10", "by 4", "until noon", "no later than 5", "not before 10", "from 2 onwards", "3 or later". */
const bounded: Rule<Part> = (cursor, context) => {
  const one = oneBound(cursor, context);
  const joined = one?.next.token?.text === 'but' ? one.next.skip() : one?.next.after('and');
  const other = joined && boundOf(joined) && oneBound(joined, context);
  return (one && other && between(one.value, other)) ?? one;
};

/** "after 10 and before 4" is what lies between; "before 11 or after 3" is either. */
function between(one: Part, { value: other, next }: Read<Part>): Read<Part> | undefined {
  if (one.kind !== 'times' || other.kind !== 'times') return undefined;
  const [from, to] = [Math.max(one.spec.from, other.spec.from), Math.min(one.spec.to, other.spec.to)];
  if (from === 0 || to === endOfDay || from >= to) return undefined;
  const guessed = one.assumption !== undefined || other.assumption !== undefined;
  const assumption = `read the times as ${said(from)} to ${said(to)}`;
  return read({ kind: 'times', spec: { from, to, fits: true }, ...(guessed && { assumption }) }, next);
}

const oneBound: Rule<Part> = (cursor) => {
  const bound = boundOf(cursor);
  const time = bound && partEdge(bound);
  if (time) return read(timesPart(time.value, time.bare), time.next.past('onwards'));
  const exact = clockTime(cursor.past('at'));
  const later = exact?.next.past('or', 'and');
  if (!exact || !later || later.at === exact.next.at) return undefined;
  const from = workingDay(exact.value);
  if (later.means('later') || later.means('after'))
    return read(timesPart({ from, to: endOfDay }, exact.value.bare), later.skip());
  if (later.token?.text === 'earlier' || later.means('before'))
    return read(timesPart({ from: 0, to: from, fits: true }, exact.value.bare), later.skip());
  return undefined;
};

interface Bound {
  readonly side: 'after' | 'before';
  readonly next: Cursor;
}

/** Which side of a time is meant, whatever the wording. */
function boundOf(cursor: Cursor): Bound | undefined {
  const negated = cursor.after('not');
  if (negated) {
    const word = negated.token;
    if (word?.meaning === 'before' || word?.meaning === 'until') return { side: 'after', next: negated.skip() };
    if (word?.meaning === 'later' && negated.peek(1)?.meaning === 'than')
      return { side: 'before', next: negated.skip(2) };
    if (word?.meaning === 'after') return { side: 'before', next: negated.skip() };
    return undefined;
  }
  if (cursor.token?.meaning === 'later' && cursor.peek(1)?.meaning === 'than')
    return { side: 'after', next: cursor.skip(2) };
  if (cursor.token?.text === 'earlier' && cursor.peek(1)?.meaning === 'than')
    return { side: 'before', next: cursor.skip(2) };
  if (cursor.token?.text === 'past' || cursor.means('after') || cursor.means('from'))
    return { side: 'after', next: cursor.skip() };
  if (cursor.means('before') || cursor.means('by') || cursor.means('until') || cursor.token?.text === 'to')
    return { side: 'before', next: cursor.skip() };
  return undefined;
}

/** The time behind a bound: "3", "lunch", "work", "the afternoon". */
function partEdge({ side, next }: Bound): { value: TimeSpec; bare: boolean; next: Cursor } | undefined {
  const at = next.past('the', 'at');
  const spec = (edge: { from: number; to: number }): TimeSpec =>
    side === 'after' ? { from: edge.from, to: endOfDay } : { from: 0, to: edge.to, fits: true };
  const part = at.token?.dayPart;
  if (part)
    return {
      value: spec(side === 'after' ? { from: part[1], to: 0 } : { from: 0, to: part[0] }),
      bare: false,
      next: at.skip(),
    };
  if (at.token?.text === 'work' || at.token?.text === 'school')
    return { value: spec({ from: 17 * 60, to: 9 * 60 }), bare: false, next: at.skip() };
  const time = clockTime(at);
  if (!time || unitFollows(time.next)) return undefined;
  const minutes = workingDay(time.value);
  return { value: spec({ from: minutes, to: minutes || endOfDay }), bare: time.value.bare, next: time.next };
}

/** "after 3 days" is no time of day. */
function unitFollows(cursor: Cursor): boolean {
  return (
    ['day', 'week', 'month', 'year', 'hour', 'minute', 'fortnight'].includes(cursor.token?.meaning ?? '') ||
    cursor.token?.month !== undefined
  );
}

/** "around 3", "about noon", "3ish": half an hour to either side. */
const aroundTime: Rule<Part> = (cursor) => {
  const before = cursor.past('at').after('around');
  const time = clockTime(before ?? cursor.past('at'));
  if (!time || unitFollows(time.next)) return undefined;
  const ish = time.next.token?.text === 'ish' ? time.next.skip() : undefined;
  if (!before && !ish) return undefined;
  const middle = workingDay(time.value);
  return read(timesPart({ from: middle - 30, to: Math.min(middle + 31, endOfDay) }, time.value.bare), ish ?? time.next);
};

/** "first thing", "end of day", "business hours", "working hours". */
const namedEdges: Rule<Part> = (cursor) => {
  const [first, second] = [cursor.past('the').token, cursor.past('the').peek(1)];
  const behind = cursor.past('the').skip(2);
  if (first?.ordinal === 1 && second?.text === 'thing')
    return read(timesPart({ from: 6 * 60, to: 10 * 60 }, false), behind);
  if (['business', 'working', 'office', 'work'].includes(first?.text ?? '') && second?.meaning === 'hour')
    return read(timesPart({ from: 9 * 60, to: 17 * 60, fits: true }, false), behind);
  if (first?.text === 'eod' || first?.text === 'cob')
    return read(timesPart({ from: 0, to: 17 * 60, fits: true }, false), cursor.skip());
  const end = cursor.past('at', 'by', 'the');
  if (end.means('end', 'of', 'the', 'day') || end.means('end', 'of', 'day'))
    return read(timesPart({ from: 15 * 60, to: 18 * 60 }, false), end.skip(end.means('end', 'of', 'day') ? 3 : 4));
  return undefined;
};

/** "morning", "early afternoon", "late in the morning", "in the evening". */
const dayPart: Rule<Part> = (cursor) => {
  const start = cursor.past('in', 'within', 'around', 'the', 'at', 'on', 'a', 'any', 'every');
  const shade = start.after('early', 'mid', 'late');
  const at =
    (shade ?? start).past('in', 'the').token?.text === '-'
      ? (shade ?? start).skip()
      : (shade ?? start).past('in', 'the');
  const part = at.token?.dayPart;
  if (!part) return undefined;
  const [from, to] = part;
  const middle = Math.round((from + to) / 2 / 30) * 30;
  const shadeOf = start.token?.meaning;
  const spec =
    shadeOf === 'early'
      ? { from, to: Math.min(from + 180, to) }
      : shadeOf === 'late'
        ? { from: to - 120, to: part[1] === 17 * 60 ? to + 60 : to }
        : shadeOf === 'mid'
          ? { from: middle, to: middle + 120 }
          : { from, to };
  return read({ kind: 'times', spec }, at.skip());
};

/** "at 3", "3pm", "15:00", "noon", "the 3 o'clock". A bare number alone is a time only when nothing else claims it. */
const exactTime: Rule<Part> = (cursor) => {
  const opened = cursor.past('at', 'the', 'for');
  const time = clockTime(opened);
  if (!time || unitFollows(time.next) || time.next.token?.text === '-') return undefined;
  const sure =
    opened.at > cursor.at || !time.value.bare || opened.token?.clock !== undefined || time.next.at > opened.at + 1;
  const minutes = workingDay(time.value);
  if (!sure && (minutes < 7 * 60 || amountOf(opened) === undefined)) return undefined;
  const others =
    time.value.bare && minutes % 720 >= 7 * 60 && minutes % 720 < 8 * 60
      ? [
          {
            spec: { from: minutes + 720, to: minutes + 721, exact: true },
            because: `${said(minutes)} could be meant in the evening`,
          },
        ]
      : undefined;
  return read(timesPart({ from: minutes, to: minutes + 1, exact: true }, time.value.bare, others), time.next);
};

/** Minutes from now that "in an hour", "in 30 minutes" are away. */
export const relativeTime: Rule<Part> = (cursor: Cursor, _context: Context) => {
  const opened = cursor.after('in');
  const amount =
    opened && (amountOf(opened) ?? (opened.means('half') ? read(0.5, opened.skip().past('a')) : undefined));
  const unit = amount?.next.token?.meaning;
  if (!amount || (unit !== 'hour' && unit !== 'minute')) return undefined;
  return read(
    { kind: 'not-before', minutesFromNow: Math.round(amount.value * (unit === 'hour' ? 60 : 1)) },
    amount.next.skip(),
  );
};
