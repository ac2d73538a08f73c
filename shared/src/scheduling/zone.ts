import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import type { Day } from './dates.ts';

/**
 * Time zones as tables.
 *
 * A zone is asked once, through Temporal, for all its transitions; from then on both directions are a look-up
 * in sorted numbers. *Wall* is a local date and time written as the ms that UTC would need to show it.
 *
 * Wall to instant is Temporal's "compatible": a skipped time moves forward by the gap, a repeated one means its
 * first occurrence. Outside of the table's years Temporal answers itself, slower and just as exactly.
 */
export class Zone {
  readonly id: string;
  /** Span `i` lasts from `begins[i]` until `begins[i + 1]` and is `offsets[i]` ms east of UTC. */
  private readonly begins: Float64Array;
  private readonly offsets: Float64Array;
  /** The span found last. Questions come in order of time, so it is nearly always the next answer too. */
  private span = 0;

  constructor(id: string) {
    this.id = id;
    const begins = [tableBegin];
    const offsets = [offsetByTemporal(tableBegin, id)];
    for (let at = zonedByTemporal(tableBegin, id).getTimeZoneTransition('next'); at; ) {
      if (at.epochMilliseconds >= tableEnd) break;
      begins.push(at.epochMilliseconds);
      offsets.push(at.offsetNanoseconds / 1_000_000);
      at = at.getTimeZoneTransition('next');
    }
    begins.push(tableEnd);
    this.begins = Float64Array.from(begins);
    this.offsets = Float64Array.from(offsets);
  }

  /** Ms east of UTC that are in force at `instant`. */
  offsetAt(instant: Instant): number {
    if (!(instant >= tableBegin && instant < tableEnd)) return offsetByTemporal(instant, this.id);
    return this.offsets[this.spanOf(instant)]!;
  }

  /** The instant of a wall time, "compatible". */
  instantOf(wall: number): Instant {
    if (!(wall >= tableBegin + margin && wall < tableEnd - margin)) return instantByTemporal(wall, this.id);
    const { begins, offsets } = this;
    let i = this.spanOf(wall - offsets[this.span]!);
    // The first span whose wall clock has not yet ended at `wall`.
    while (i > 0 && wall < begins[i]! + offsets[i - 1]!) i--;
    while (wall >= begins[i + 1]! + offsets[i]!) i++;
    const skipped = wall < begins[i]! + offsets[i]!;
    return wall - offsets[skipped ? i - 1 : i]!;
  }

  /** The first transition after `instant`; Infinity where the table has none. */
  transitionAfter(instant: Instant): Instant {
    if (!(instant >= tableBegin && instant < tableEnd)) return Number.POSITIVE_INFINITY;
    const next = this.begins[this.spanOf(instant) + 1]!;
    return next === tableEnd ? Number.POSITIVE_INFINITY : next;
  }

  /** The local date of an instant. */
  dayAt(instant: Instant): Day {
    return Math.floor((instant + this.offsetAt(instant)) / msPerDay);
  }

  /** Where a local date begins: its 00:00, or the first moment after a skipped midnight. */
  startOfDay(day: Day): Instant {
    return this.instantOf(day * msPerDay);
  }

  private spanOf(instant: Instant): number {
    const { begins } = this;
    let low = this.span;
    if (instant >= begins[low]! && instant < begins[low + 1]!) return low;
    low = 0;
    let high = begins.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (begins[middle]! <= instant) low = middle;
      else high = middle - 1;
    }
    this.span = low;
    return low;
  }
}

const msPerDay = 86_400_000;
const tableBegin = Date.UTC(1970, 0, 1);
const tableEnd = Date.UTC(2070, 0, 1);
/** More than any offset, so that a wall time this far inside has its instant inside too. */
const margin = 2 * msPerDay;

const zones = new Map<string, Zone>();

/** The zone of an IANA name, in any case; a `RangeError` where there is none. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const id = idOf(name);
  if (id === undefined) throw new RangeError(`Not an IANA time zone: ${name.slice(0, 64)}`);
  // Kept by its proper spelling only: other spellings are many, and callers choose them.
  let zone = zones.get(id);
  if (!zone) {
    zone = new Zone(id);
    zones.set(id, zone);
  }
  return zone;
}

/** Whether `name` is an IANA zone this runtime knows. A bare offset such as `+05:30` is not: it has no rules. */
export function isTimeZone(name: string): boolean {
  return zones.has(name) || idOf(name) !== undefined;
}

function idOf(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  if (name.toUpperCase() === 'UTC') return 'UTC';
  try {
    return zonedByTemporal(0, name).timeZoneId;
  } catch {
    // Temporal tells an unknown name by throwing, and there is no question that does not throw.
    return undefined;
  }
}

/** Local date and time with its offset: `2026-11-24T09:00:00-05:00`. Milliseconds are shown where there are any. */
export function toLocalIso(instant: Instant, zone: string): string {
  const offset = zoneOf(zone).offsetAt(instant);
  const wall = new Date(instant + offset).toISOString();
  const minutes = Math.abs(Math.trunc(offset / msPerMinute));
  const sign = offset < 0 ? '-' : '+';
  return `${wall.slice(0, wall.endsWith('.000Z') ? -5 : -1)}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** The weekday on which an instant falls in a zone, in English: `Tuesday`. */
export function weekdayOf(instant: Instant, zone: string): (typeof weekdays)[number] {
  return weekdays[(((zoneOf(zone).dayAt(instant) + 4) % 7) + 7) % 7]!;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

function zonedByTemporal(instant: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
}

function offsetByTemporal(instant: Instant, zone: string): number {
  return zonedByTemporal(Math.floor(instant), zone).offsetNanoseconds / 1_000_000;
}

function instantByTemporal(wall: number, zone: string): Instant {
  const local = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime();
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}
