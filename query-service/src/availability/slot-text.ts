import { type Instant, minute } from '@agentcal/shared/kernel/time';
import { dateOfDay, weekdayOfDay } from '@agentcal/shared/scheduling/dates';
import { type Zone, zoneOf } from '@agentcal/shared/scheduling/zone';

const msPerDay = 86_400_000;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * Slots as JSON text. Hundreds of them make up an answer, and two in a row differ in little more than their clock
 * times: so each is written as a copy of the one before, with the digits of its times put in. Only where a day or an
 * offset changes is the text made anew. That costs a tenth of what it costs to go through objects.
 */
export function slotsToJson(
  starts: readonly Instant[],
  durationMinutes: number,
  timezone: string,
  userIds: readonly string[],
): string {
  const zone = zoneOf(timezone);
  const users = JSON.stringify(userIds);
  const text = new Text();
  let known: Days | undefined;
  text.add('[');
  for (let i = 0; i < starts.length; i++) {
    const times = timesOf(starts[i]!, durationMinutes, zone);
    if (i > 0) text.add(',');
    if (known && sameDays(known, times)) text.repeat();
    else text.begin(templateOf(times, users));
    text.putClock(startAt, times.start);
    text.putClock(endAt, times.end);
    text.putClock(localAt, times.wall);
    known = times;
  }
  text.add(']');
  return text.toString();
}

/** What has to be the same for two slots to differ in their clock times only. All in days and ms. */
interface Days {
  readonly startDay: number;
  readonly endDay: number;
  readonly wallDay: number;
  readonly offsetMs: number;
}

interface Times extends Days {
  /** Minutes of the day. */
  readonly start: number;
  readonly end: number;
  readonly wall: number;
}

function timesOf(start: Instant, durationMinutes: number, zone: Zone): Times {
  const end = start + durationMinutes * minute;
  const offsetMs = zone.offsetAt(start);
  const wall = Math.floor((start + offsetMs) / minute) * minute;
  const startDay = Math.floor(start / msPerDay);
  const endDay = Math.floor(end / msPerDay);
  const wallDay = Math.floor(wall / msPerDay);
  return {
    startDay,
    endDay,
    wallDay,
    offsetMs,
    start: (start - startDay * msPerDay) / minute,
    end: (end - endDay * msPerDay) / minute,
    wall: (wall - wallDay * msPerDay) / minute,
  };
}

function sameDays(one: Days, other: Days): boolean {
  return (
    one.startDay === other.startDay &&
    one.endDay === other.endDay &&
    one.wallDay === other.wallDay &&
    one.offsetMs === other.offsetMs
  );
}

const openStart = '{"start_time":"';
const openEnd = '","end_time":"';
const openLocal = '","local_start":"';
const date = 'YYYY-MM-DDT'.length;
/** Where the clock times of a slot begin in its text. */
const startAt = openStart.length + date;
const endAt = startAt + 'HH:MM:00Z'.length + openEnd.length + date;
const localAt = endAt + 'HH:MM:00Z'.length + openLocal.length + date;

/** A slot with its days, its offset, and no clock times yet. */
function templateOf({ startDay, endDay, wallDay, offsetMs }: Days, users: string): string {
  const times = `${openStart}${dateOfDay(startDay)}T00:00:00Z${openEnd}${dateOfDay(endDay)}T00:00:00Z`;
  const local = `${openLocal}${dateOfDay(wallDay)}T00:00:00${offsetText(offsetMs)}`;
  return `${times}${local}","weekday":"${weekdays[weekdayOfDay(wallDay)]}","user_ids":${users}}`;
}

/** One for all answers, since each is written in one go: a fresh one would cost more than what is written into it. */
let scratch = Buffer.allocUnsafe(64 * 1024);

/** Text that grows, and remembers where the last slot stands in it. */
class Text {
  #bytes = scratch;
  #length = 0;
  #last = 0;

  add(character: string): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = character.charCodeAt(0);
  }

  begin(template: string): void {
    this.#reserve(template.length * 3);
    this.#last = this.#length;
    this.#length += this.#bytes.write(template, this.#length);
  }

  /** The last slot once more. Between it and here stands one comma. */
  repeat(): void {
    const from = this.#last;
    const to = this.#length - 1;
    this.#reserve(to - from);
    this.#last = this.#length;
    this.#bytes.copyWithin(this.#length, from, to);
    this.#length += to - from;
  }

  putClock(at: number, minuteOfDay: number): void {
    const bytes = this.#bytes;
    const hours = (minuteOfDay / 60) | 0;
    const minutes = minuteOfDay - hours * 60;
    const place = this.#last + at;
    bytes[place] = 48 + ((hours / 10) | 0);
    bytes[place + 1] = 48 + (hours % 10);
    bytes[place + 3] = 48 + ((minutes / 10) | 0);
    bytes[place + 4] = 48 + (minutes % 10);
  }

  toString(): string {
    return this.#bytes.toString('utf8', 0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    scratch = larger;
  }
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(Math.trunc(offsetMs / minute));
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
