import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import type { Claim, SlotQuery } from './model.ts';

/** The numbers of one query that everything else computes with, in minutes. */
export interface Rules {
  readonly duration: number;
  readonly before: number;
  readonly after: number;
  /** From one listed start of a range to the next. */
  readonly interval: number;
  /** Starts are multiples of this of the host's local hour, moved by `offset`. A divisor of 60. */
  readonly grid: number;
  readonly offset: number;
}

/** Undefined where the event type does not offer the duration that is asked for. */
export function rulesOf({ terms, durationMinutes }: Pick<SlotQuery, 'terms' | 'durationMinutes'>): Rules | undefined {
  const duration = durationMinutes ?? terms.duration_minutes;
  if (duration !== terms.duration_minutes && !terms.durations?.includes(duration)) return undefined;
  const interval = terms.slot_interval_minutes ?? duration;
  return {
    duration,
    before: terms.buffer_before,
    after: terms.buffer_after,
    interval,
    grid: gridOf(interval),
    offset: terms.start_offset_minutes ?? 0,
  };
}

const gridSteps = [60, 30, 20, 15, 10, 5] as const;

/** The largest of the usual steps of an hour that divides the interval. */
function gridOf(interval: number): number {
  return gridSteps.find((step) => interval % step === 0) ?? 1;
}

/** Whether a claim is in the way of this query at all: an expired hold is not, nor is the booking being moved. */
export function counts(claim: Claim, query: Pick<SlotQuery, 'now' | 'ignoreClaimId'>): boolean {
  if (claim.expiresAt !== undefined && claim.expiresAt <= query.now) return false;
  return claim.end > claim.start && claim.id !== query.ignoreClaimId;
}

/** Minimum notice as the first allowed instant. Never before now. */
export function earliestOf({ now, terms }: Pick<SlotQuery, 'now' | 'terms'>): Instant {
  return now + terms.min_notice_minutes * msPerMinute;
}

/** The minute in which an instant falls. */
export function floorMinute(instant: Instant): number {
  return Math.floor(instant / msPerMinute);
}

/** The first whole minute at or after an instant. */
export function ceilMinute(instant: Instant): number {
  return Math.ceil(instant / msPerMinute);
}
