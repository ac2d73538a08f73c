import { endingLength } from '@agentcal/shared/http/slot-token';
import { type Instant, minute } from '@agentcal/shared/kernel/time';
import { type Day, dateOfDay, weekdayOfDay } from '@agentcal/shared/scheduling/dates';
import { type Zone, zoneOf } from '@agentcal/shared/scheduling/zone';
import type { JsonPiece } from './json.ts';
import type { Offers } from './offers.ts';

const msPerDay = 86_400_000;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** `HH:MM` of each minute of a day, one after the other. */
const clocks = Buffer.from(Array.from({ length: 1440 }, (_, at) => clockText(at)).join(''));
const clockLength = 5;

/**
 * Slots as a JSON array. Hundreds of them make up an answer, each with three times in it, and most of a slot's text is its
 * neighbour's too. So those that differ only by clock times and the end of their ids are a run: its text is made once and
 * repeated, and what differs is written into it, byte by byte.
 */
export function slotsToJson(
  starts: readonly Instant[],
  durationMinutes: number,
  timezone: string,
  offers: Offers,
): JsonPiece {
  const runs = runsOf(starts, durationMinutes * minute, zoneOf(timezone), offers);
  if (runs.length === 0) return '[]';
  return {
    length: runs.reduce((sum, { text, from, to }) => sum + text.length * (to - from), 1),
    writeTo(json, begin) {
      json[begin] = '['.charCodeAt(0);
      let at = begin + 1;
      for (const run of runs) {
        writeRun(run, starts, offers, json, at);
        at += run.text.length * (run.to - run.from);
      }
      // Instead of the last comma.
      json[at - 1] = ']'.charCodeAt(0);
    },
  };
}

function writeRun(run: Run, starts: readonly Instant[], { writeEnding }: Offers, json: Buffer, begin: number): void {
  const { text, from, to } = run;
  json.fill(text, begin, begin + text.length * (to - from), 'latin1');
  for (let place = from, at = begin; place < to; place++, at += text.length) {
    const start = starts[place]!;
    writeClock(start - run.startMidnight, json, at + run.startAt);
    writeClock(start - run.endMidnight, json, at + run.endAt);
    writeClock(start - run.wallMidnight, json, at + run.wallAt);
    writeEnding(place, json, at + run.endingAt);
  }
}

/** Slots that follow each other and are alike but for their clock times and the end of their ids. */
interface Run extends Template {
  readonly from: number;
  /** Exclusive. */
  to: number;
}

/** One such slot, with a comma behind it, and where in its ASCII text stands what differs. */
interface Template {
  readonly text: string;
  readonly startAt: number;
  readonly endAt: number;
  readonly wallAt: number;
  readonly endingAt: number;
  /** What a start is later by than what its clock times count from. */
  readonly startMidnight: number;
  readonly endMidnight: number;
  readonly wallMidnight: number;
}

function runsOf(starts: readonly Instant[], lengthMs: number, zone: Zone, { commonOf }: Offers): Run[] {
  const runs: Run[] = [];
  let days: Days | undefined;
  let common = '';
  for (let place = 0; place < starts.length; place++) {
    const at = starts[place]!;
    const offsetMs = zone.offsetAt(at);
    const start = Math.floor(at / msPerDay);
    const end = Math.floor((at + lengthMs) / msPerDay);
    const wall = Math.floor((at + offsetMs) / msPerDay);
    const theirs = commonOf(place);
    const alike = start === days?.start && end === days.end && wall === days.wall && offsetMs === days.offsetMs;
    if (alike && theirs === common) {
      runs.at(-1)!.to += 1;
      continue;
    }
    days = { start, end, wall, offsetMs };
    common = theirs;
    runs.push({ ...templateOf(days, lengthMs, common), from: place, to: place + 1 });
  }
  return runs;
}

/** The days that a slot begins and ends on, and the one that its zone shows. */
interface Days {
  readonly start: Day;
  readonly end: Day;
  readonly wall: Day;
  readonly offsetMs: number;
}

function templateOf({ start, end, wall, offsetMs }: Days, lengthMs: number, common: string): Template {
  const beforeStart = `{"start_time":"${dateText(start)}T`;
  const beforeEnd = `${beforeStart}00:00:00Z","end_time":"${dateText(end)}T`;
  const beforeWall = `${beforeEnd}00:00:00Z","local_start":"${dateText(wall)}T`;
  const weekday = weekdays[weekdayOfDay(wall)];
  const beforeEnding = `${beforeWall}00:00:00${offsetText(offsetMs)}","weekday":"${weekday}",${common}`;
  return {
    text: `${beforeEnding}${' '.repeat(endingLength)}"},`,
    startAt: beforeStart.length,
    endAt: beforeEnd.length,
    wallAt: beforeWall.length,
    endingAt: beforeEnding.length,
    startMidnight: start * msPerDay,
    endMidnight: end * msPerDay - lengthMs,
    wallMidnight: wall * msPerDay - offsetMs,
  };
}

const dates = new Map<Day, string>();

function dateText(day: Day): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size > 4_000) dates.clear();
  const text = dateOfDay(day);
  dates.set(day, text);
  return text;
}

/** Starts are whole minutes; of an offset that is not, the rest is not shown. */
function writeClock(sinceMidnight: number, into: Buffer, at: number): void {
  const from = Math.floor(sinceMidnight / minute) * clockLength;
  for (let n = 0; n < clockLength; n++) into[at + n] = clocks[from + n]!;
}

function offsetText(offsetMs: number): string {
  return (offsetMs < 0 ? '-' : '+') + clockText(Math.abs(Math.trunc(offsetMs / minute)));
}

function clockText(minutes: number): string {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
