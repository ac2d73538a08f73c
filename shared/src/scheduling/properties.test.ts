import fc from 'fast-check';
import t from 'tap';
import { minute } from '../kernel/time.ts';
import { explainStart } from './explain.ts';
import { freeBusy } from './free-busy.ts';
import { judgeStart, standsOnGrid } from './judge.ts';
import type { SlotQuery } from './model.ts';
import { wallMinutes } from './plan.ts';
import { reachOf } from './reach.ts';
import { findSlots } from './slots.ts';
import { whyEmpty } from './why-empty.ts';
import { openWindows } from './windows.ts';
import { oddZones, type World, world } from './worlds.ts';
import { toLocalIso, zoneOf } from './zone.ts';

/** What has to hold whatever the rules say, on random worlds. `SEED=…` repeats a run. */

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const worlds = Number(process.env.WORLDS ?? 600);

function always(name: string, check: (world: World, pick: (n: number) => number) => void): void {
  t.test(`${name} (SEED=${seed})`, async (t) => {
    const property = fc.property(world, fc.infiniteStream(fc.nat()), (world, picks) => {
      check(world, (n) => picks.next().value! % n);
    });
    const result = fc.check(property, { seed, numRuns: worlds });
    t.notOk(result.failed, `${fc.defaultReportMessage(result)}\n${result.errorInstance}`);
  });
}

function list(query: SlotQuery, from: number, to: number): number[] {
  return findSlots({ ...query, from: from * minute, to: to * minute }).starts.map((start) => start / minute);
}

function same(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}

function atHome(query: SlotQuery): SlotQuery {
  return { ...query, host: { ...query.host, schedule: { ...query.host.schedule, travel: [] } } };
}

always('more busy time never makes a start bookable that was not', ({ query, from, to }, pick) => {
  // The next open days move when one of them fills up: that is what they are for.
  const { booking_window, first_slot_of_day_only, ...terms } = query.terms;
  const before = { ...query, terms };
  const start = (from + pick(to - from)) * minute;
  const busy = [...query.host.busy, { start, end: start + (1 + pick(180)) * minute }];
  const after = { ...before, host: { ...query.host, busy } };
  const reachMs = ((query.durationMinutes ?? terms.duration_minutes) + terms.buffer_after) * minute;
  const old = new Set(list(before, from, to));
  for (const listed of list(after, from, to)) {
    if (old.has(listed)) continue;
    // The list may go on from another start now, but only after the new busy time and with times that were good before.
    if (listed * minute < start - reachMs) throw new Error(`${listed} is new, and before the busy time`);
    if (!isGood(before, listed)) throw new Error(`${listed} is new, and was refused`);
  }
});

/** Accepted as far as time goes, on whatever grid. */
function isGood(query: SlotQuery, minutes: number): boolean {
  return judgeStart({ ...query, terms: { ...query.terms, starts: 'any' }, start: minutes * minute }).ok;
}

always('a week later everything is a week later, where no clock changes', ({ query, from, to }) => {
  const here = { ...atHome(query), gridTimezone: 'UTC' };
  const schedule = { ...here.host.schedule, timezone: 'Asia/Kolkata', overrides: [] };
  const { booking_window, limits, ...terms } = here.terms;
  const { within, ...rest } = here;
  const host = { ...here.host, schedule, holidays: [], limits: [] };
  const week = 7 * 1440;
  const later = <T extends { start: number; end: number }>(intervals: readonly T[]) =>
    intervals.map((interval) => ({
      ...interval,
      start: interval.start + week * minute,
      end: interval.end + week * minute,
    }));
  const claims = host.claims.map(({ expiresAt, ...claim }) => claim);
  const next = { ...host, away: later(host.away), busy: later(host.busy), claims: later(claims) };
  const shifted = { ...rest, terms, host: next, now: query.now + week * minute };
  same(
    list(shifted, from + week, to + week),
    list({ ...rest, terms, host: { ...host, claims } }, from, to).map((start) => start + week),
  );
});

always('what lies beyond the reach of a question changes no answer', ({ query, from, to }) => {
  same(list(within(query, from, to), from, to), list(query, from, to));
});

always('what lies beyond the reach of a start on the grid changes no judgement of it', ({ query, from, to }, pick) => {
  for (const minutes of [...list(query, from, to).slice(0, 5), from + pick(to - from), from + pick(to - from)]) {
    const start = minutes * minute;
    if (!standsOnGrid(query, start)) continue;
    same(judgeStart({ ...within(query, minutes, minutes, { ofGrid: true }), start }), judgeStart({ ...query, start }));
  }
});

/** A query that knows no more of the calendar than what bears on `[from, to]`. */
function within(query: SlotQuery, from: number, to: number, starts?: { ofGrid: boolean }): SlotQuery {
  const { limits = [] } = query.host;
  const { blocking, counted } = reachOf({ ...query, limits }, { from: from * minute, to: to * minute }, starts);
  const near = ({ start, end }: { start: number; end: number }) => start < blocking.to && end > blocking.from;
  const host = {
    ...query.host,
    away: query.host.away.filter(near),
    busy: query.host.busy.filter(near),
    claims: query.host.claims.filter(({ start, end, bufferBeforeMs, bufferAfterMs }) => {
      if (start >= counted.from && start < counted.to) return true;
      return near({ start: start - bufferBeforeMs, end: end + bufferAfterMs });
    }),
  };
  return { ...query, host };
}

always('an answer in parts is the answer', ({ query, from, to }, pick) => {
  const whole = { ...query, terms: { ...query.terms, first_slot_of_day_only: false } };
  const middle = from + pick(to - from);
  same([...list(whole, from, middle), ...list(whole, middle, to)], list(whole, from, to));
  const limit = 1 + pick(5);
  const first = findSlots({ ...whole, from: from * minute, to: to * minute, limit }).starts;
  same(first, findSlots({ ...whole, from: from * minute, to: to * minute }).starts.slice(0, limit));
});

/** Only filters: none of them moves a grid. */
function unfiltered(query: SlotQuery): SlotQuery {
  const { booking_window, limits, ...terms } = query.terms;
  const { limits: own, ...host } = query.host;
  return { ...query, terms: { ...terms, min_notice_minutes: 0 }, host };
}

function allOfDay(query: SlotQuery): SlotQuery {
  return { ...query, terms: { ...query.terms, first_slot_of_day_only: false } };
}

always('notice, booking window and limits filter the list and never move it', ({ query, from, to }) => {
  const asked = allOfDay(query);
  const accepted = (minutes: number) => judgeStart({ ...asked, start: minutes * minute }).ok;
  same(list(asked, from, to), list(unfiltered(asked), from, to).filter(accepted));
});

always('what was listed is listed later too, until its notice is over', ({ query, from, to }, pick) => {
  const claims = query.host.claims.map(({ expiresAt, ...claim }) => claim);
  const { booking_window, ...terms } = allOfDay(query).terms;
  const before = { ...query, terms, host: { ...query.host, claims } };
  const after = { ...before, now: query.now + pick(2 * 1440) * minute + pick(60_000) };
  const earliest = (after.now + terms.min_notice_minutes * minute) / minute;
  same(
    list(after, from, to),
    list(before, from, to).filter((start) => start >= earliest),
  );
});

always('a window in two pieces is the window', ({ query, from, to }, pick) => {
  const { timezone, travel = [] } = query.host.schedule;
  const zones = [timezone, ...travel.map((trip) => trip.timezone)].map(zoneOf);
  // A time that a clock skips is an hour later, and so is the end of a piece that ends at it.
  const isSkipped = (wallMinutes: number) => {
    for (let day = Math.floor(from / 1440) - 6; day < to / 1440 + 3; day++) {
      const wall = (day * 1440 + wallMinutes) * minute;
      if (zones.some((zone) => zone.instantOf(wall) + zone.offsetAt(zone.instantOf(wall)) !== wall)) return true;
    }
    return false;
  };
  const rules = query.host.schedule.rules.flatMap((rule) => {
    const [start, end] = [wallMinutes(rule.start_time), wallMinutes(rule.end_time)];
    const middle = start + pick(end - start);
    if (middle === start || isSkipped(middle)) return [rule];
    const time = `${String(Math.floor(middle / 60)).padStart(2, '0')}:${String(middle % 60).padStart(2, '0')}`;
    return [
      { ...rule, start_time: time },
      { ...rule, end_time: time },
    ];
  });
  const schedule = { ...query.host.schedule, rules };
  same(list({ ...query, host: { ...query.host, schedule } }, from, to), list(query, from, to));
});

always('a start offset moves the grid within the hour, and no range', ({ query, from, to }, pick) => {
  const { start_offset_minutes = 0 } = query.terms;
  const further = { ...query.terms, start_offset_minutes: start_offset_minutes + 60 * (1 + pick(5)) };
  same(list({ ...query, terms: further }, from, to), list(query, from, to));
  // Which days are open is told by what is listed of them.
  if (query.terms.booking_window?.type === 'open_days') return;
  const moved = { ...query, terms: { ...query.terms, start_offset_minutes: pick(60) } };
  for (const start of list(moved, from, to)) if (!isGood(query, start)) throw new Error(`${start} was refused`);
});

always('the zone in which starts are shown changes none of them', ({ query, from, to }, pick) => {
  const starts = findSlots({ ...query, from: from * minute, to: to * minute }).starts;
  const zone = oddZones[pick(oddZones.length)]!;
  same(
    starts.map((start) => Date.parse(toLocalIso(start, zone))),
    starts,
  );
});

const reasonOf = {
  duration: 'duration_not_offered',
  notice: 'too_soon',
  booking_window: 'outside_window',
  hours: 'outside_hours',
  opening_hours: 'outside_hours',
  calendar: 'slot_taken',
  limits: 'limit_reached',
  grid: 'off_grid',
} as const;

always('an explanation ends as the judgement does', ({ query, from, to }, pick) => {
  const listed = list(query, from, to);
  for (const minutes of [from + pick(to - from), listed[pick(Math.max(1, listed.length))] ?? from]) {
    const start = minutes * minute;
    const { verdict, rules } = explainStart({ ...query, start });
    same(verdict, judgeStart({ ...query, start }));
    const broken = rules.find(({ ok }) => !ok);
    same(verdict.ok ? undefined : verdict.reason, broken && reasonOf[broken.rule]);
  }
});

always('there is a reason exactly where there is no slot', ({ query, from, to }) => {
  const reason = whyEmpty({ ...query, from: from * minute, to: to * minute });
  same(reason === undefined, list(query, from, to).length > 0);
});

always('free and busy time part the hours between them', ({ query, from, to }, pick) => {
  const range = { from: from * minute, to: to * minute };
  const [answer] = freeBusy([query.host], range, query.now);
  const { busy, free } = answer!;
  for (const intervals of [busy, free]) {
    intervals.forEach(({ start, end }, i) => {
      const inOrder = i === 0 || intervals[i - 1]!.end <= start;
      if (!(start < end && inOrder && start >= range.from && end <= range.to)) throw new Error('not apart, in order');
    });
  }
  const open = openWindows(query.host, range);
  for (let i = 0; i < 20; i++) {
    const instant = (from + pick(to - from)) * minute;
    const within = (intervals: readonly { start: number; end: number }[]) =>
      intervals.some(({ start, end }) => start <= instant && instant < end);
    const taken = [...query.host.claims.filter(({ expiresAt = Infinity }) => expiresAt > query.now)];
    same(within(busy), within([...taken, ...query.host.busy, ...query.host.away]));
    same(within(free), within(open) && !within(busy));
  }
});
