import type { Claim, Hours, Limit, Reason, Schedule, SlotQuery, Verdict } from './model.ts';

/**
 * The rules of slots once more, minute by minute: slow, obvious, and written from the rules' text and not from the
 * engine, of which it imports nothing but types. For tests: the engine has to agree with it on random worlds.
 *
 * Dates are Temporal's, instants are UTC minutes since 1970.
 */
export class Reference {
  private readonly query: SlotQuery;
  private readonly duration: number;
  private readonly from: number;
  private readonly first: number;
  private readonly last: number;
  private readonly end: number;
  /** By minute from `first` to `end`: 1 where the hours are open. */
  private readonly open: Uint8Array;
  /** Minutes at which the grid begins anew. */
  readonly restarts = new Set<number>();

  /** A world in which questions about `[from, to)` can be answered. */
  constructor(query: SlotQuery, from: number, to: number) {
    this.query = query;
    this.from = from;
    this.duration = query.durationMinutes ?? query.terms.duration_minutes;
    const today = Math.floor(query.now / 60_000);
    const since = query.terms.first_slot_of_day_only ? from - this.dayBefore : from;
    this.first = Math.min(since, query.terms.booking_window?.type === 'open_days' ? today - 1500 : since) - 5 * 1440;
    this.last = to;
    this.claims = query.host.claims.filter(
      ({ id, expiresAt = Number.POSITIVE_INFINITY }) => id !== query.ignoreClaimId && expiresAt > query.now,
    );
    this.end = to + 3 * 1440;
    this.allowed = new Uint8Array(this.end - this.first);
    this.open = this.openMinutes(query.host, true);
    const within = query.within && this.openMinutes(query.within, false);
    const msOf = (i: number) => (this.first + i) * 60_000;
    const { away } = query.host;
    for (let i = 0; i < this.open.length && (away.length > 0 || within); i++) {
      if (this.open[i] === 0) continue;
      const isAway = away.some(({ start, end }) => start < msOf(i + 1) && end > msOf(i));
      if (isAway || within?.[i] === 0) this.open[i] = 0;
    }
  }

  /** More than the longest day, trips included. */
  private readonly dayBefore = 3 * 1440;

  /** Every listed start of `[from, to)`. */
  listed(from: number, to: number): number[] {
    return this.shown(from, (from) => this.listedOfDay(from, to));
  }

  /** Of a list, what is shown from a minute on. */
  shown(from: number, list: (from: number) => number[]): number[] {
    if (!this.query.terms.first_slot_of_day_only) return list(from);
    const firsts = new Map<string, number>();
    for (const start of list(from - this.dayBefore)) {
      const date = this.dateOf(start).toString();
      if (!firsts.has(date)) firsts.set(date, start);
    }
    return [...firsts.values()].filter((start) => start >= from);
  }

  /** All that would be listed if days were not to be filled from the front. */
  listedOfDay(from: number, to: number): number[] {
    if (!this.isOffered()) return [];
    return this.listedInAnyWindow(from, to).filter((start) => this.inBookingWindow(start));
  }

  /** What the judge has to say about a start. */
  verdict(start: number): Verdict {
    const { terms, now } = this.query;
    const no = (reason: Reason): Verdict => ({ ok: false, reason });
    if (![terms.duration_minutes, ...(terms.durations ?? [])].includes(this.duration))
      return no('duration_not_offered');
    if (start * 60_000 < now + terms.min_notice_minutes * 60_000) return no('too_soon');
    if (!this.inBookingWindow(start)) return no('outside_window');
    if (!this.inHours(start)) return no('outside_hours');
    if (!this.isFree(start)) return no('slot_taken');
    const joined = this.joinable(start);
    if (joined.length > 0) {
      return { ok: true, joins: (joined.findLast(({ expiresAt }) => expiresAt === undefined) ?? joined[0]!).id };
    }
    if (this.isLimited(start)) return no('limit_reached');
    const onGrid = terms.starts === 'any' || this.isAligned(start) || this.gridStarts(start, start + 1).includes(start);
    return onGrid ? { ok: true } : no('off_grid');
  }

  private isOffered(): boolean {
    const { terms } = this.query;
    return [terms.duration_minutes, ...(terms.durations ?? [])].includes(this.duration);
  }

  private listedInAnyWindow(from: number, to: number): number[] {
    const { terms, now } = this.query;
    const starts = new Set(this.gridStarts(from, to).filter((start) => !this.isLimited(start)));
    for (let minute = from; minute < to && terms.seats !== undefined; minute++) {
      if (this.joinable(minute).length > 0 && this.isAllowed(minute)) starts.add(minute);
    }
    return [...starts]
      .filter((start) => start * 60_000 >= now + terms.min_notice_minutes * 60_000)
      .sort((a, b) => a - b);
  }

  /** Ranges of allowed starts, and in each the first aligned one and every interval after it. */
  private gridStarts(from: number, to: number): number[] {
    const interval = this.query.terms.slot_interval_minutes ?? this.duration;
    const starts: number[] = [];
    let next: number | undefined;
    for (let minute = this.first + 1440; minute < to; minute++) {
      if (!this.isAllowed(minute)) {
        next = undefined;
        continue;
      }
      if (this.restarts.has(minute)) next = undefined;
      if (next === undefined && this.isAligned(minute)) next = minute;
      if (minute !== next) continue;
      if (minute >= from) starts.push(minute);
      next = minute + interval;
    }
    return starts;
  }

  /** By minute from `first`: 0 where it is not known yet, 1 where it is allowed, 2 where it is not. */
  private readonly allowed: Uint8Array;

  isAllowed(start: number): boolean {
    const i = start - this.first;
    this.allowed[i] ||= this.inHours(start) && this.isFree(start) ? 1 : 2;
    return this.allowed[i] === 1;
  }

  private inHours(start: number): boolean {
    for (let minute = start; minute < start + this.duration; minute++) {
      if (!this.open[minute - this.first]) return false;
    }
    return true;
  }

  private isFree(start: number): boolean {
    const { terms, host } = this.query;
    const from = (start - terms.buffer_before) * 60_000;
    const to = (start + this.duration + terms.buffer_after) * 60_000;
    if (host.busy.some(({ start, end }) => start < end && start < to && end > from)) return false;
    const joined = this.joinable(start);
    return !this.claims.some((claim) => {
      if (joined.includes(claim)) return false;
      return claim.start - claim.bufferBeforeMs < to && claim.end + claim.bufferAfterMs > from;
    });
  }

  /** The claims of the meeting that a start would join, where it has seats left. */
  private joinable(start: number): Claim[] {
    const { terms, eventTypeId } = this.query;
    if (terms.seats === undefined) return [];
    const meeting = this.claims.filter((claim) => {
      const sameTime = claim.start === start * 60_000 && claim.end === (start + this.duration) * 60_000;
      return claim.eventTypeId === eventTypeId && sameTime;
    });
    const taken = meeting.reduce((sum, { seatsTaken }) => sum + (seatsTaken ?? 1), 0);
    return taken < terms.seats ? meeting : [];
  }

  /** Those that exist now and are not the one being moved. */
  private readonly claims: readonly Claim[];

  private isLimited(start: number): boolean {
    const { terms, host, eventTypeId } = this.query;
    const all = this.claims;
    const ofType = all.filter((claim) => claim.eventTypeId === eventTypeId);
    return (
      (terms.limits ?? []).some((limit) => this.isReached(limit, start, ofType)) ||
      (host.limits ?? []).some((limit) => this.isReached(limit, start, all))
    );
  }

  private isReached(limit: Limit, start: number, claims: readonly Claim[]): boolean {
    const period = periodText(this.dateOf(start), limit.per);
    const meetings = new Map<string, number>();
    for (const { start, end, eventTypeId } of claims) {
      if (periodText(this.dateOf(start / 60_000), limit.per) !== period) continue;
      meetings.set(`${eventTypeId} ${start} ${end}`, (end - start) / 60_000);
    }
    const minutes = [...meetings.values()].reduce((sum, length) => sum + length, 0);
    if (limit.count !== undefined && meetings.size >= limit.count) return true;
    return limit.minutes !== undefined && minutes + this.duration > limit.minutes;
  }

  private inBookingWindow(start: number): boolean {
    const window = this.query.terms.booking_window;
    if (!window) return true;
    const date = this.dateOf(start);
    const today = this.dateOf(Math.floor(this.query.now / 60_000));
    if (window.type === 'range') return date.toString() >= window.start_date && date.toString() <= window.end_date;
    if (window.type === 'calendar_days') return before(date, today.add({ days: window.days + 1 }));
    if (window.type === 'business_days') {
      let last = today;
      for (let left = window.days; left > 0; ) {
        last = last.add({ days: 1 });
        if (last.dayOfWeek <= 5) left -= 1;
      }
      return before(date, last.add({ days: 1 }));
    }
    return this.openDatesBefore(start).size < window.days;
  }

  private openDates: Temporal.PlainDate[] | undefined;

  /** Dates from today on with anything to book before a start's own date. */
  private openDatesBefore(start: number): Set<string> {
    const date = this.dateOf(start);
    const now = Math.floor(this.query.now / 60_000);
    this.openDates ??= this.onOwnGrid()
      .listedInAnyWindow(now, this.last)
      .map((minute) => this.dateOf(minute));
    return new Set(this.openDates.filter((open) => before(open, date)).map(String));
  }

  /** A host's days are open or not by the host's own grid. */
  private onOwnGrid(): Reference {
    const { gridTimezone, ...query } = this.query;
    return gridTimezone === undefined ? this : new Reference(query, this.from, this.last);
  }

  isAligned(minute: number): boolean {
    const { terms, gridTimezone } = this.query;
    const interval = terms.slot_interval_minutes ?? this.duration;
    const grid = [60, 30, 20, 15, 10, 5].find((step) => interval % step === 0) ?? 1;
    const { hour, minute: past } = at(minute, gridTimezone ?? this.zoneAt(minute));
    return (hour * 60 + past + 1440 * 100 - (terms.start_offset_minutes ?? 0)) % grid === 0;
  }

  private readonly dates = new Map<number, Temporal.PlainDate>();

  dateOf(minute: number): Temporal.PlainDate {
    let known = this.dates.get(minute);
    if (!known) {
      known = at(minute, this.zoneAt(minute)).toPlainDate();
      this.dates.set(minute, known);
    }
    return known;
  }

  /** Where the host is at a minute: in a trip's zone while it is one of the trip's dates there. */
  zoneAt(minute: number): string {
    const { schedule } = this.query.host;
    for (const { start_date, end_date, timezone } of schedule.travel ?? []) {
      const date = at(minute, timezone).toPlainDate().toString();
      if (date >= start_date && date <= end_date) return timezone;
    }
    return schedule.timezone;
  }

  private openMinutes(hours: Hours, ownGrid: boolean): Uint8Array {
    const open = new Uint8Array(this.end - this.first);
    const { schedule } = hours;
    const last = at(this.end, 'UTC').toPlainDate().add({ days: 2 });
    for (let date = at(this.first, 'UTC').toPlainDate().subtract({ days: 2 }); before(date, last); ) {
      const zone = zoneOn(schedule, date);
      const wall = windowsOn(hours, date);
      for (const [start, stop] of wall) {
        const end = Math.min(this.end, instant(date, stop, zone));
        for (let minute = instant(date, start, zone); minute < end; minute++) {
          if (minute >= this.first) open[minute - this.first] = 1;
        }
      }
      if (ownGrid && isOpenAroundTheClock(wall)) this.restarts.add(instant(date, 0, zone));
      date = date.add({ days: 1 });
    }
    for (const { start_date, end_date, timezone } of ownGrid ? (schedule.travel ?? []) : []) {
      this.restarts.add(instant(Temporal.PlainDate.from(start_date), 0, timezone));
      this.restarts.add(instant(Temporal.PlainDate.from(end_date).add({ days: 1 }), 0, timezone));
    }
    return open;
  }
}

function windowsOn({ schedule, holidays }: Hours, date: Temporal.PlainDate): [number, number][] {
  const override = schedule.overrides?.find((override) => override.date === date.toString());
  const rules = schedule.rules.filter(({ day_of_week }) => day_of_week === date.dayOfWeek % 7);
  const windows = override?.windows ?? (holidays?.includes(date.toString()) ? [] : rules);
  return windows.map(({ start_time, end_time }) => [minutesOf(start_time), minutesOf(end_time)]);
}

function isOpenAroundTheClock(windows: readonly [number, number][]): boolean {
  for (let minute = 0; minute < 1440; minute++) {
    if (!windows.some(([start, end]) => start <= minute && minute < end)) return false;
  }
  return true;
}

function zoneOn(schedule: Schedule, date: Temporal.PlainDate): string {
  const text = date.toString();
  const trip = schedule.travel?.find(({ start_date, end_date }) => text >= start_date && text <= end_date);
  return trip?.timezone ?? schedule.timezone;
}

function minutesOf(time: string): number {
  return Number(time.split(':')[0]) * 60 + Number(time.split(':')[1]);
}

function instant(date: Temporal.PlainDate, wallMinutes: number, zone: string): number {
  const wall = date.toPlainDateTime().add({ minutes: wallMinutes });
  return wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds / 60_000;
}

function at(minute: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(minute * 60_000)).toZonedDateTimeISO(zone);
}

function before(one: Temporal.PlainDate, other: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(one, other) < 0;
}

function periodText(date: Temporal.PlainDate, per: Limit['per']): string {
  if (per === 'week') return `${date.yearOfWeek} week ${date.weekOfYear}`;
  return date.toString().slice(0, { day: 10, month: 7, year: 4 }[per]);
}
