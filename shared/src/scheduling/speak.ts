import { type Instant, day as msPerDay, hour as msPerHour, minute as msPerMinute } from '../kernel/time.ts';
import { type Day, periodOfDay, weekdayOfDay } from './dates.ts';
import { zoneOf } from './zone.ts';

/**
 * Options as a voice would say them: at most three, without digits, abbreviations or seconds.
 *
 * "Tuesday the twentieth at one, one thirty, or three". From seven to seven a bare hour means the one of that half of
 * the day; others are said with their part of the day. A month is named where it is not the present one, and a year where
 * that month comes only after a year.
 */
export interface SpeakOptions {
  readonly timezone: string;
  readonly now: Instant;
}

const most = 3;

/** Empty where there are no starts. */
export function speakSlots(starts: readonly Instant[], { timezone, now }: SpeakOptions): string {
  const zone = zoneOf(timezone);
  const present = periodOfDay(zone.dayAt(now), 'month');
  const days: { day: Day; times: string[] }[] = [];
  for (const start of pickOptions(starts, timezone)) {
    const day = zone.dayAt(start);
    if (days.at(-1)?.day !== day) days.push({ day, times: [] });
    days.at(-1)!.times.push(timeWords(start + zone.offsetAt(start)));
  }
  return list(days.map(({ day, times }) => `${dateWords(day, present)} at ${list(times)}`));
}

/** For an empty answer: what is nearest, if anything. */
export function speakNearest(nearest: readonly Instant[], options: SpeakOptions): string {
  if (nearest.length === 0) return 'There is nothing free then.';
  const verb = Math.min(nearest.length, most) === 1 ? 'is' : 'are';
  return `There is nothing free then. The nearest ${verb} ${speakSlots(nearest, options)}.`;
}

/** Three that differ: the first, one later that day, and the first of another day; the next ones where there are none such. */
export function pickOptions(starts: readonly Instant[], timezone: string): Instant[] {
  if (starts.length <= most) return [...starts];
  const first = starts[0]!;
  const zone = zoneOf(timezone);
  const day = zone.dayAt(first);
  const later = starts.find((start) => start >= first + 2 * msPerHour && zone.dayAt(start) === day);
  const picked = new Set([first, ...(later === undefined ? [] : [later])]);
  const nextDay = starts.find((start) => zone.dayAt(start) !== day);
  if (nextDay !== undefined) picked.add(nextDay);
  for (let i = 1; picked.size < most; i++) picked.add(starts[i]!);
  return [...picked].sort((a, b) => a - b);
}

/** @param present - the month that need not be named */
function dateWords(day: Day, present: number): string {
  const date = new Date(day * msPerDay);
  const ahead = periodOfDay(day, 'month') - present;
  const month = ahead === 0 ? '' : `, ${months[date.getUTCMonth()]}`;
  const year = Math.abs(ahead) < 12 ? '' : ` ${yearWords(date.getUTCFullYear())}`;
  return `${weekdays[weekdayOfDay(day)]}${month} the ${ordinal(date.getUTCDate())}${year}`;
}

/** "twenty twenty-eight", "twenty thirty", "two thousand", "twenty-one oh five". */
function yearWords(year: number): string {
  const [century, rest] = [Math.floor(year / 100), year % 100];
  if (rest === 0) return century % 10 === 0 ? `${number(century / 10)} thousand` : `${number(century)} hundred`;
  return `${number(century)} ${rest < 10 ? 'oh ' : ''}${number(rest)}`;
}

function timeWords(wall: number): string {
  const [hour, minute] = [Math.floor(wall / msPerHour) % 24, Math.floor(wall / msPerMinute) % 60];
  if (minute === 0 && hour === 12) return 'noon';
  if (minute === 0 && hour === 0) return 'midnight';
  const said = numbers[hour % 12 === 0 ? 12 : hour % 12]!;
  const past = minute === 0 ? '' : minute < 10 ? ` oh ${numbers[minute]}` : ` ${number(minute)}`;
  return `${said}${past}${partOfDay(hour)}`;
}

function partOfDay(hour: number): string {
  if (hour < 7) return ' in the morning';
  if (hour < 19) return '';
  return hour < 22 ? ' in the evening' : ' at night';
}

/** "one", "one or two", "one, two, or three". */
function list(texts: readonly string[]): string {
  if (texts.length <= 2) return texts.join(texts.some((text) => /,| or /.test(text)) ? ', or ' : ' or ');
  return `${texts.slice(0, -1).join(', ')}, or ${texts.at(-1)}`;
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

const numbers = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function number(value: number): string {
  if (value < 20) return numbers[value]!;
  const rest = value % 10;
  return rest === 0 ? tens[value / 10]! : `${tens[Math.floor(value / 10)]}-${numbers[rest]}`;
}

const irregular: Record<string, string> = {
  ...{ one: 'first', two: 'second', three: 'third', five: 'fifth', eight: 'eighth', nine: 'ninth' },
  ...{ twelve: 'twelfth', twenty: 'twentieth', thirty: 'thirtieth' },
};

function ordinal(value: number): string {
  const words = number(value).split('-');
  const last = words.pop()!;
  return [...words, irregular[last] ?? `${last}th`].join('-');
}
