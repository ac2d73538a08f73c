import { type Instant, type Interval, day as msPerDay, minute as msPerMinute } from '@agentcal/shared/kernel/time';
import type { Zone } from '@agentcal/shared/scheduling/zone';
import type { DayWindow } from '../../language/model.ts';
import {
  type Found,
  findStarts,
  type StartsQuery,
  usersOf,
  type WhyNone,
  whyNoneIn as whyNoneInRange,
  whyNotAt,
} from '../starts.ts';

/** A window of a reading as instants. Pure: everything here follows from what it is handed. */
export interface Span extends Interval {
  /** That a meeting starts there and then, starts within, or lies within as a whole. */
  readonly kind: 'starts_at' | 'starts_within' | 'fits_within';
}

export function kindOf({ exact, fits }: DayWindow): Span['kind'] {
  if (exact) return 'starts_at';
  return fits ? 'fits_within' : 'starts_within';
}

/** A wall time that a change of clocks skips is the moment after the gap; one that it repeats is the first. */
export function spanOf(window: DayWindow, zone: Zone): Span {
  const kind = kindOf(window);
  const at = (minutes: number) => zone.instantOf(window.day * msPerDay + minutes * msPerMinute);
  const start = at(window.from);
  return { kind, start, end: kind === 'starts_at' ? start + msPerMinute : at(window.to) };
}

/** From where the first one begins until the last one has ended. */
export function hullOf(spans: readonly Interval[]): Interval {
  const start = Math.min(...spans.map(({ start }) => start));
  return { start, end: Math.max(start, ...spans.map(({ end }) => end)) };
}

/** What has to be known and listed to answer about spans: the first slot of a day is found from that day's beginning. */
export function listedRange(spans: readonly Interval[]): Interval {
  const { start, end } = hullOf(spans);
  return { start: start - msPerDay, end };
}

/**
 * The starts that spans ask for, ascending: those listed, and for a time that was said exactly also one that could be
 * booked although the list goes past it.
 */
export function startsIn(spans: readonly Span[], query: StartsQuery): Pick<Found, 'starts' | 'usersAt'> {
  const { start: from, end: to } = listedRange(spans);
  const { starts, durationMinutes, usersAt } = findStarts(query, { from, to });
  const durationMs = durationMinutes * msPerMinute;
  const wanted = (start: Instant) => spans.some((span) => suits(span, start, durationMs));
  const exact = spans.filter(({ kind }) => kind === 'starts_at').map(({ start }) => start);
  const unlisted = query.terms.first_slot_of_day_only
    ? []
    : exact.filter((start) => whyNotAt(query, start) === undefined);
  const listed = new Set(starts.filter(wanted));
  return {
    starts: [...new Set([...listed, ...unlisted])].sort((a, b) => a - b),
    usersAt: (start) => (listed.has(start) ? usersAt : usersOf(query))(start),
  };
}

export function suits({ kind, start: from, end }: Span, start: Instant, durationMs: number): boolean {
  if (kind === 'starts_at') return start === from;
  return start >= from && (kind === 'fits_within' ? start + durationMs <= end : start < end);
}

/** What says most about why spans have no start: that somebody is there but taken, before that nobody is there. */
const telling: readonly WhyNone[] = [
  'slot_taken',
  'limit_reached',
  'host_unavailable',
  'too_soon',
  'off_grid',
  'outside_window',
  'outside_hours',
];

/** Undefined where nothing of this length fits into what was asked for, whoever is free. */
export function whyNoneIn(spans: readonly Span[], query: StartsQuery): WhyNone | undefined {
  const reasons = new Set(spans.map((span) => whyNone(span, query)));
  return telling.find((reason) => reasons.has(reason));
}

function whyNone({ kind, start, end }: Span, query: StartsQuery): WhyNone | undefined {
  if (kind === 'starts_at') return whyNotAt(query, start);
  const durationMs = (query.durationMinutes ?? query.terms.duration_minutes) * msPerMinute;
  const to = kind === 'fits_within' ? end - durationMs + msPerMinute : end;
  return to > start ? whyNoneInRange(query, { from: start, to }) : undefined;
}

/** To what the nearest starts are looked for: the first span, or its beginning where a start within may still not fit. */
export function soughtAround(spans: readonly Span[]): Interval {
  const { kind, start, end } = spans[0]!;
  return { start, end: kind === 'fits_within' ? start : end };
}
