import { day, type Instant, type Interval } from '@agentcal/shared/kernel/time';
import { rebuilt } from './sorted-list.ts';
import type { BookingRecord, CalendarRecord, CalendarState } from './state.ts';
import { isFreed } from './state.ts';

/**
 * What leaves a calendar's working state, so that its cost does not grow with its history.
 *
 * | what | leaves | because |
 * | --- | --- | --- |
 * | a booking that took its time | 400 days after its end | a yearly limit counts it until the year is over |
 * | its attendee, metadata and seats | 30 days after its end or last change | until then it can be completed or marked as a no-show |
 * | a cancelled or declined booking | 30 days after its end or last change | until then, saying it again is a quiet repeat |
 * | a hold | a day after it expires | until then `hold_expired` is told from `not_found` |
 * | external busy time | 11 days after its end | a buffer reaches back up to 10 days from a start that is never in the past |
 *
 * Afterwards a command about it is refused: `booking_closed` while the booking is here, then `not_found`. The log
 * keeps everything. Time passes by the events' own clock, so every process forgets the same things at the same event.
 */
export const keepTakenMs = 400 * day;
export const keepDetailsMs = 30 * day;
export const keepHoldMs = day;
export const keepBusyMs = 11 * day;

/** Sweeping costs as much as the state is large: it is worth it once a day, and once for so many changes of a large one. */
const sweepEveryMs = day;
const changesPerRecord = 1 / 4;

/** The state without what can no longer matter. Costs nothing to speak of where it is not yet time for that. */
export function swept(state: CalendarState): CalendarState {
  const at = state.latest;
  const changes = state.changes + 1;
  const isDue = at - state.sweptAt >= sweepEveryMs && changes >= state.records.size * changesPerRecord;
  if (!isDue) return { ...state, changes };
  const keep = remembered((record: CalendarRecord) => kept(record, at));
  return {
    ...state,
    records: rebuilt(state.records, keep),
    claims: rebuilt(state.claims, keep),
    busy: Object.fromEntries(
      Object.entries(state.busy)
        .map(([source, intervals]) => [source, withoutPast(intervals, at)] as const)
        .filter(([, intervals]) => intervals.length > 0),
    ),
    sweptAt: at,
    changes: 0,
  };
}

/** Busy time that can still be in somebody's way. */
export function withoutPast(intervals: readonly Interval[], at: Instant): readonly Interval[] {
  const first = intervals.findIndex(({ end }) => end > at - keepBusyMs);
  return first === 0 ? intervals : first < 0 ? [] : intervals.slice(first);
}

function kept(record: CalendarRecord, at: Instant): CalendarRecord | undefined {
  if (record.kind === 'hold') return record.expiresAt > at - keepHoldMs ? record : undefined;
  if (Math.max(record.end, record.details?.updatedAt ?? 0) > at - keepDetailsMs) return record;
  const neverTook = isFreed(record.status) || record.status === 'pending';
  return neverTook || record.end <= at - keepTakenMs ? undefined : bare(record);
}

/** What limits count. */
function bare(record: BookingRecord): BookingRecord {
  if (!record.details) return record;
  const { details: _, seats: __, ...rest } = record;
  return rest;
}

/** Both lists hold the same records, and still do afterwards. */
function remembered<T, R>(change: (item: T) => R): (item: T) => R {
  const known = new Map<T, R>();
  return (item) => {
    if (!known.has(item)) known.set(item, change(item));
    return known.get(item) as R;
  };
}
