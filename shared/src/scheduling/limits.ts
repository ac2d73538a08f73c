import { minute as msPerMinute } from '../kernel/time.ts';
import { type Day, periodOfDay } from './dates.ts';
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
  const { terms, host, eventTypeId } = query;
  if (!terms.limits?.length && !host.limits?.length) return undefined;
  const tallies = [
    ...(terms.limits ?? []).map((limit) => new Tally(limit, eventTypeId)),
    ...(host.limits ?? []).map((limit) => new Tally(limit)),
  ];
  const plan = planOf(host);
  const meetings = new Meetings();
  for (const claim of host.claims) {
    if (!counts(claim, query) || !meetings.isNew(claim)) continue;
    const day = dayOf(plan, claim.start);
    for (const tally of tallies) tally.add(claim, day);
  }
  let last = Number.NaN;
  let lastIsFull = false;
  return (minute) => {
    const day = dayOf(plan, minute * msPerMinute);
    // Starts are asked about in order, and those of one day have one answer.
    if (day !== last) lastIsFull = tallies.some((tally) => tally.isFull(day, rules.duration));
    last = day;
    return lastIsFull;
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

  add({ eventTypeId, start, end }: Claim, day: Day): void {
    if (this.eventTypeId !== undefined && eventTypeId !== this.eventTypeId) return;
    const period = periodOfDay(day, this.limit.per);
    const minutes = (end - start) / msPerMinute;
    const used = this.used.get(period);
    if (!used) {
      this.used.set(period, { count: 1, minutes });
      return;
    }
    used.count += 1;
    used.minutes += minutes;
  }

  isFull(day: Day, durationMinutes: number): boolean {
    const used = this.used.get(periodOfDay(day, this.limit.per));
    const { count = Number.POSITIVE_INFINITY, minutes = Number.POSITIVE_INFINITY } = this.limit;
    return (used?.count ?? 0) >= count || (used?.minutes ?? 0) + durationMinutes > minutes;
  }
}

/** Claims of one event type at one and the same time are attendees of one meeting: nothing else may overlap so. */
class Meetings {
  /** The first claim at each start. Nearly always there is no other. */
  private readonly first = new Map<number, Claim>();
  private readonly further: Claim[] = [];

  /** Whether a claim is the first one of its meeting that is asked about. */
  isNew(claim: Claim): boolean {
    const first = this.first.get(claim.start);
    if (!first) {
      this.first.set(claim.start, claim);
      return true;
    }
    if (isSame(first, claim) || this.further.some((other) => isSame(other, claim))) return false;
    this.further.push(claim);
    return true;
  }
}

function isSame(one: Claim, other: Claim): boolean {
  return one.start === other.start && one.end === other.end && one.eventTypeId === other.eventTypeId;
}

function dayOf(plan: Plan, instant: number): Day {
  return zoneAt(plan, instant).dayAt(instant);
}
