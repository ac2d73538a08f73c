import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { needsOf, type TeamQuery } from './assignment.ts';
import { judgeStart } from './judge.ts';
import type { Claim } from './model.ts';
import { planOf, zoneAt } from './plan.ts';
import { gridTimezoneAt, type TeamSlots } from './team.ts';

/** The starts that a part of a sequence could have if nothing else of the sequence were booked, and with whom. */
export interface PartList extends Pick<TeamSlots, 'starts' | 'hostsAt'> {
  readonly part: TeamQuery;
}

/**
 * Asks whether limits leave room for the last of some starts, one of each of the first parts, once those before it are
 * booked, whoever takes those: who of a pool it will be is decided when a part is booked, by what is known only then.
 *
 * Counts for how many seats of earlier parts a host has to be chosen until there is no room left for them. Where pools
 * of several earlier parts differ, it takes seats of one to be as good as those of another, and says no once too often
 * rather than yes.
 */
export function roomIn(lists: readonly PartList[]): Room {
  const parts = lists.map(({ part }) => part);
  const shared = sharedUsers(parts);
  if (![...shared].some((userId) => isLimited(parts, userId))) return { isFor: () => true, isSpent: () => false };
  const placed = lists.map(({ part, hostsAt }) => placing(part, hostsAt));
  const known = new Map<string, boolean>();
  let effort = 0;
  const isFor = (starts: readonly Instant[]) => {
    if (starts.length === 1) return true;
    const begun = starts.map((start, i) => placed[i]!(start));
    const signs = begun.map(({ sign }) => sign).join('|');
    const answer = known.get(signs);
    effort += answer === undefined ? effortOfAnswer : 1;
    if (answer !== undefined) return answer;
    const found = hasRoom(begun.slice(0, -1), begun.at(-1)!);
    known.set(signs, found);
    return found;
  };
  return { isFor, isSpent: () => effort > mostEffort };
}

export interface Room {
  readonly isFor: (starts: readonly Instant[]) => boolean;
  /** So much has been asked that it is time to end. */
  readonly isSpent: () => boolean;
}

/** About half a second. What is not found by then is left out: other questions wait. */
const mostEffort = 500_000;
const effortOfAnswer = 50;

function sharedUsers(parts: readonly TeamQuery[]): Set<string> {
  const seen = new Set<string>();
  const users = parts.flatMap(({ hosts }) => hosts.map(({ calendar }) => calendar.userId));
  return new Set(users.filter((userId) => seen.size === seen.add(userId).size));
}

function isLimited(parts: readonly TeamQuery[], userId: string): boolean {
  return parts.some(({ terms, hosts }) => {
    const host = hosts.find(({ calendar }) => calendar.userId === userId);
    return host && (terms.limits?.length || host.calendar.limits?.length);
  });
}

/** A part at a start. */
interface Placed {
  readonly part: TeamQuery;
  readonly start: Instant;
  /** The users who could take it. */
  readonly able: readonly string[];
  /** The same for starts about which there is one answer: limits ask for days, and seats for the very start. */
  readonly sign: string;
}

function placing(part: TeamQuery, hostsAt: PartList['hostsAt']): (start: Instant) => Placed {
  const known = new Map<Instant, Placed>();
  return (start) => {
    let placed = known.get(start);
    if (!placed) {
      const able = hostsAt(start);
      placed = { part, start, able, sign: part.terms.seats ? `${start}` : daysOf(part, start, able) };
      known.set(start, placed);
    }
    return placed;
  };
}

/** The local day of each of these users. */
function daysOf({ hosts }: TeamQuery, start: Instant, users: readonly string[]): string {
  const days = hosts.map(({ calendar }) => {
    return users.includes(calendar.userId) ? zoneAt(planOf(calendar), start).dayAt(start) : '';
  });
  return days.join();
}

function hasRoom(before: readonly Placed[], last: Placed): boolean {
  return needsOf(last.part).every(({ members, take }) => {
    const able = members.map((place) => userAt(last.part, place)).filter((userId) => last.able.includes(userId));
    const spare = able.length - take;
    // Mostly there are more of them than could be chosen before.
    if (seatsFor(able, before) <= spare) return true;
    const costs = new Map(able.map((userId) => [userId, seatsUntilFull(userId, before, last)]));
    const losable = able.filter((userId) => costs.get(userId)! < Number.POSITIVE_INFINITY);
    return (
      mostLost(
        losable.map((userId) => costs.get(userId)!),
        seatsFor(losable, before),
      ) <= spare
    );
  });
}

/** How many hosts can be chosen so often that nothing is left of them, with so many seats to choose them for. */
function mostLost(costs: readonly number[], seats: number): number {
  let left = seats;
  let lost = 0;
  for (const cost of costs.toSorted((a, b) => a - b)) {
    left -= cost;
    if (left < 0) break;
    lost += 1;
  }
  return lost;
}

/** How many seats of some parts these users could be given, all in all. */
function seatsFor(users: readonly string[], parts: readonly Placed[]): number {
  let seats = 0;
  for (const { part, able } of parts) {
    for (const { members, take } of needsOf(part)) {
      const theirs = members
        .map((place) => userAt(part, place))
        .filter((id) => users.includes(id) && able.includes(id));
      seats += Math.min(take, theirs.length);
    }
  }
  return seats;
}

/** The fewest of the parts before that a user has to take until they cannot take the last; Infinity where none do. */
function seatsUntilFull(userId: string, before: readonly Placed[], last: Placed): number {
  const theirs = before.filter(({ able }) => able.includes(userId));
  let fewest = Number.POSITIVE_INFINITY;
  for (let chosen = 1; chosen < 1 << theirs.length; chosen++) {
    const taken = theirs.filter((_, i) => chosen & (1 << i));
    if (taken.length >= fewest) continue;
    const areTheirs = taken.every((placed, i) => canTake(userId, placed, taken.slice(0, i)));
    if (areTheirs && !canTake(userId, last, taken)) fewest = taken.length;
  }
  return fewest;
}

function canTake(userId: string, { part, start }: Placed, taken: readonly Placed[]): boolean {
  const { calendar } = part.hosts.find(({ calendar }) => calendar.userId === userId)!;
  const host = { ...calendar, claims: [...calendar.claims, ...taken.map(claimOf)] };
  const gridTimezone = gridTimezoneAt(part, start);
  return judgeStart({ ...part, host, start, ...(gridTimezone !== undefined && { gridTimezone }) }).ok;
}

function claimOf({ part: { eventTypeId, terms, durationMinutes = terms.duration_minutes }, start }: Placed): Claim {
  return {
    id: `part at ${start}`,
    eventTypeId,
    start,
    end: start + durationMinutes * msPerMinute,
    bufferBeforeMs: terms.buffer_before * msPerMinute,
    bufferAfterMs: terms.buffer_after * msPerMinute,
  };
}

function userAt(part: TeamQuery, place: number): string {
  return part.hosts[place]!.calendar.userId;
}
