import type { Instant } from '../kernel/time.ts';
import { needsOf, type TeamHost, type TeamQuery } from './assignment.ts';

/** What a host has had so far of an event type, over whatever time the caller looks back. */
export interface Standing {
  readonly bookings: number;
  /** When somebody last booked them, not when that meeting is. Absent: never. */
  readonly lastBookedAt?: Instant;
}

/**
 * Who of the hosts that can take a start will: all that are fixed, and of each group as many as it takes, in the order
 * of priority, then of weight (who has least of their share so far), then of who was booked longest ago, then as listed.
 *
 * `current` are the hosts of a booking that is being moved; they stay where they can. Undefined where `able` are too few.
 */
export function chooseHosts(
  query: Pick<TeamQuery, 'assignment' | 'hosts' | 'groups'>,
  able: readonly string[],
  standings: ReadonlyMap<string, Standing> = new Map(),
  current: readonly string[] = [],
): string[] | undefined {
  const can = new Set(able);
  const chosen: string[] = [];
  for (const { members, take } of needsOf(query)) {
    const candidates = members.map((i) => query.hosts[i]!).filter(({ calendar }) => can.has(calendar.userId));
    if (candidates.length < take) return undefined;
    candidates.sort((a, b) => rank(a, b, standings, current));
    chosen.push(...candidates.slice(0, take).map(({ calendar }) => calendar.userId));
  }
  return chosen.length > 0 ? chosen : undefined;
}

/** Negative where `a` comes first. */
function rank(a: TeamHost, b: TeamHost, standings: ReadonlyMap<string, Standing>, current: readonly string[]): number {
  const [one, other] = [a, b].map((host) => {
    const { bookings, lastBookedAt = Number.NEGATIVE_INFINITY } = standings.get(host.calendar.userId) ?? unbooked;
    const weight = host.weight ?? 100;
    return {
      stays: current.includes(host.calendar.userId) ? 0 : 1,
      priority: -(host.priority ?? 0),
      share: weight === 0 ? Number.MAX_VALUE : (bookings + 1) / weight,
      lastBookedAt,
    };
  }) as [Rank, Rank];
  for (const key of ['stays', 'priority', 'share', 'lastBookedAt'] as const) {
    if (one[key] !== other[key]) return one[key] < other[key] ? -1 : 1;
  }
  return 0;
}

type Rank = Record<'stays' | 'priority' | 'share' | 'lastBookedAt', number>;

const unbooked: Standing = { bookings: 0 };
