import { day, type Instant, type Interval } from '@agentcal/shared/kernel/time';
import { kept } from './sorted-list.ts';
import { type BookingRecord, type CalendarRecord, type CalendarState, type PartRecord, takesTime } from './state.ts';
import { withTaken } from './taken.ts';

/**
 * What leaves a calendar's working state, so that its cost does not grow with its history.
 *
 * - A booking: 30 days after its end or last change. Until then it can be completed or marked as a no-show, and
 *   cancelling it again answers the same.
 * - A part: likewise, counted from when it was claimed.
 * - The time that either took: 400 days after its start, packed in between. A yearly limit counts it until the year is over.
 * - A hold: a day after it expires. Until then `hold_expired` is told from `not_found`.
 * - The tombstone of a part: a day. A claim that is older than some hours is refused anyway (see `deciders/parts.ts`).
 * - External busy time: 11 days after its end. A buffer reaches back up to 10 days from a start that is never in the past.
 *
 * Afterwards a command about it is refused as `not_found`. The log keeps everything, and so do lists. Time passes by
 * the events' own clock, so every process forgets the same things at the same event.
 */
export const keepBookingMs = 30 * day;
export const keepTakenMs = 400 * day;
export const keepHoldMs = day;
export const keepTombstoneMs = day;
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
  const past: (BookingRecord | PartRecord)[] = [];
  const records = kept(state.records, (record) => {
    const stays = isAskedAbout(record, at);
    if (!stays && (record.kind === 'part' || (record.kind === 'booking' && tookItsTime(record)))) past.push(record);
    return stays;
  });
  return {
    ...state,
    records,
    claims: kept(state.claims, (record) => isAskedAbout(record, at)),
    taken: withTaken(state.taken, past, at - keepTakenMs),
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

function isAskedAbout(record: CalendarRecord, at: Instant): boolean {
  switch (record.kind) {
    case 'hold':
      return record.expiresAt > at - keepHoldMs;
    case 'tombstone':
      return record.at > at - keepTombstoneMs;
    case 'part':
      return Math.max(record.end, record.claimedAt) > at - keepBookingMs;
    case 'booking':
      return Math.max(record.end, record.details.updatedAt) > at - keepBookingMs;
  }
}

/** A request that nobody confirmed has expired by then. */
function tookItsTime(booking: BookingRecord): boolean {
  return takesTime(booking) && booking.status !== 'pending';
}
