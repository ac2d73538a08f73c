import { minute as msPerMinute } from '../kernel/time.ts';
import { periodOfDay } from './dates.ts';
import type { Claim, Limit, SlotQuery } from './model.ts';
import { type Plan, planOf, zoneAt } from './plan.ts';
import { counts, type Rules } from './rules.ts';

/** Whether the period of a start is full, for any of the limits. A minute is where the start would be. */
export type IsFull = (minute: number) => boolean;

/**
 * The limits of the event type (over its own bookings) and of the user (over all of theirs).
 *
 * A claim counts in the period in which it starts, by the host's local date. Holds and pending bookings count as
 * bookings do, or two of them could become one too many. Attendees of one shared meeting count once.
 */
export function limitsOf(query: SlotQuery, rules: Rules): IsFull | undefined {
  const tallies = [
    ...(query.terms.limits ?? []).map((limit) => new Tally(limit, query.eventTypeId)),
    ...(query.host.limits ?? []).map((limit) => new Tally(limit)),
  ];
  if (tallies.length === 0) return undefined;
  const plan = planOf(query.host);
  const seen = new Set<string>();
  for (const claim of query.host.claims) {
    if (!counts(claim, query) || isRepeat(claim, seen)) continue;
    const day = dayOf(plan, claim.start);
    for (const tally of tallies) tally.add(claim, day);
  }
  return (minute) => {
    const day = dayOf(plan, minute * msPerMinute);
    return tallies.some((tally) => tally.isFull(day, rules.duration));
  };
}

/** What one limit has counted so far, by period. */
class Tally {
  private readonly limit: Limit;
  private readonly eventTypeId: string | undefined;
  private readonly used = new Map<number, { count: number; minutes: number }>();

  constructor(limit: Limit, eventTypeId?: string) {
    this.limit = limit;
    this.eventTypeId = eventTypeId;
  }

  add(claim: Claim, day: number): void {
    if (this.eventTypeId !== undefined && claim.eventTypeId !== this.eventTypeId) return;
    const period = periodOfDay(day, this.limit.per);
    const used = this.used.get(period) ?? { count: 0, minutes: 0 };
    used.count += 1;
    used.minutes += (claim.end - claim.start) / msPerMinute;
    this.used.set(period, used);
  }

  isFull(day: number, durationMinutes: number): boolean {
    const used = this.used.get(periodOfDay(day, this.limit.per));
    const { count = Number.POSITIVE_INFINITY, minutes = Number.POSITIVE_INFINITY } = this.limit;
    return (used?.count ?? 0) >= count || (used?.minutes ?? 0) + durationMinutes > minutes;
  }
}

/** Claims of one event type at one and the same time are attendees of one meeting: nothing else may overlap so. */
function isRepeat(claim: Claim, seen: Set<string>): boolean {
  const meeting = `${claim.eventTypeId} ${claim.start} ${claim.end}`;
  if (seen.has(meeting)) return true;
  seen.add(meeting);
  return false;
}

function dayOf(plan: Plan, instant: number): number {
  return zoneAt(plan, instant).dayAt(instant);
}
