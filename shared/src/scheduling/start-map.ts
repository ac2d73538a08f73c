import { minute as msPerMinute } from '../kernel/time.ts';
import { type Bits, clear, fill, has } from './bits.ts';
import type { Claim, SlotQuery } from './model.ts';
import { ceilMinute, counts, floorMinute, type Rules } from './rules.ts';
import { common, type OpenMinutes, openMinutes } from './windows.ts';

/**
 * At which minutes a meeting could start, as far as one host's hours and calendar go.
 *
 * The one place that knows how windows, out-of-office, busy time, claims and buffers decide. What is listed, held,
 * booked and explained is read from here.
 */
export interface StartMap {
  /** The minute of bit 0. */
  readonly base: number;
  /** The meeting lies in hours, and with its buffers it meets no busy time and no claim's buffered time. */
  readonly free: Bits;
  /** Starts at which a claim with seats left can be joined. They are in `free` too. */
  readonly joins: readonly Join[];
  /** The windows that the starts lie in, and where the grid begins anew inside of them. */
  readonly open: OpenMinutes;
}

/** A claim that has seats left, at its start. */
export interface Join {
  readonly at: number;
  readonly claimId: string;
}

/** The windows of the host, and of the hours around them, that starts of `[from, to)` can lie in. */
export function openFor({ host, within }: SlotQuery, rules: Rules, from: number, to: number): OpenMinutes {
  const open = openMinutes(host, from, to + rules.duration);
  return within ? common(open, openMinutes(within, from, to + rules.duration)) : open;
}

/** The minute at which the grid begins that is in force at `from`. Not after `from`. */
export function gridBegin({ edges, restarts }: OpenMinutes, from: number): number {
  if (edges.length === 0 || edges[0]! >= from) return from;
  let begin = edges[0]!;
  for (const restart of restarts) if (restart <= from && restart > begin) begin = restart;
  return begin;
}

/** The map of the minutes from `base`, where a grid begins; `free` is a full set of as many minutes as it covers. */
export function startMap(query: SlotQuery, rules: Rules, open: OpenMinutes, base: number, free: Bits): StartMap {
  const joins = keepFree(query, rules, open, base, free);
  return { base, free, joins, open };
}

/**
 * Takes out of `free` the starts that one host cannot take, so that in a set that several hosts went through there are
 * those that suit all of them. With seats it puts the starts that can be joined back in: then each host needs a set.
 */
export function keepFree(query: SlotQuery, rules: Rules, open: OpenMinutes, base: number, free: Bits): readonly Join[] {
  keepHours(query, rules, open, base, free);
  const zero = base * msPerMinute;
  const reach = rules.duration + rules.after - 1;
  for (const { start, end } of query.host.busy) {
    // From the set's own beginning on: small numbers are what makes this loop fast, and it is most of all that is done.
    if (end > start) clear(free, floorMinute(start - zero) - reach, ceilMinute(end - zero) + rules.before);
  }
  return query.host.claims.length === 0 ? none : keepClaims(query, rules, free, base);
}

/** Takes out the starts at which not all of the meeting lies in windows, or some of it in an out-of-office. */
export function keepHours(query: SlotQuery, rules: Rules, open: OpenMinutes, base: number, inHours: Bits): void {
  const { edges } = open;
  let closed = 0;
  for (let i = 0; i < edges.length; i += 2) {
    const start = edges[i]! - base;
    clear(inHours, closed, start);
    closed = Math.max(start, edges[i + 1]! - rules.duration + 1 - base);
  }
  clear(inHours, closed, inHours.length << 5);
  for (const { start, end } of query.host.away) {
    if (end > start) clear(inHours, floorMinute(start) - rules.duration + 1 - base, ceilMinute(end) - base);
  }
}

function keepClaims(query: SlotQuery, rules: Rules, free: Bits, base: number): readonly Join[] {
  const reach = rules.duration + rules.after - 1;
  const shared: Claim[] = [];
  for (const claim of query.host.claims) {
    if (!counts(claim, query)) continue;
    if (isShared(claim, query, rules)) shared.push(claim);
    else {
      const low = floorMinute(claim.start - claim.bufferBeforeMs) - reach;
      clear(free, low - base, ceilMinute(claim.end + claim.bufferAfterMs) + rules.before - base);
    }
  }
  return shared.length === 0 ? none : addShared(shared, query, rules, free, base);
}

const none: readonly Join[] = [];

/** Whether a further attendee could be in this very meeting, seats permitting. */
function isShared(claim: Claim, { terms, eventTypeId }: SlotQuery, rules: Rules): boolean {
  if (terms.seats === undefined || claim.eventTypeId !== eventTypeId) return false;
  return claim.end - claim.start === rules.duration * msPerMinute && claim.start % msPerMinute === 0;
}

/** A shared meeting at one start: its claims (a hold can stand beside the booking it will join) and their reach. */
interface Meeting {
  readonly at: number;
  claimId: string;
  seatsTaken: number;
  low: number;
  high: number;
}

/** Shared meetings are in the way of every start but their own, and of their own when they are full. */
function addShared(claims: readonly Claim[], query: SlotQuery, rules: Rules, free: Bits, base: number): Join[] {
  const meetings = meetingsOf(claims, rules);
  const open = clearOfOthers(meetings).filter(
    ({ seatsTaken, at }) => seatsTaken < query.terms.seats! && has(free, at - base),
  );
  for (const { low, high } of meetings) clear(free, low - base, high - base);
  for (const { at } of open) fill(free, at - base, at - base + 1);
  return open.map(({ at, claimId }) => ({ at, claimId }));
}

function meetingsOf(claims: readonly Claim[], rules: Rules): Meeting[] {
  const meetings = new Map<number, Meeting>();
  for (const claim of claims) {
    const low = floorMinute(claim.start - claim.bufferBeforeMs) - rules.duration - rules.after + 1;
    const high = ceilMinute(claim.end + claim.bufferAfterMs) + rules.before;
    const seatsTaken = claim.seatsTaken ?? 1;
    const meeting = meetings.get(claim.start);
    if (!meeting) {
      meetings.set(claim.start, { at: floorMinute(claim.start), claimId: claim.id, seatsTaken, low, high });
      continue;
    }
    meeting.seatsTaken += seatsTaken;
    meeting.low = Math.min(meeting.low, low);
    meeting.high = Math.max(meeting.high, high);
    // A booking is what one joins; a hold beside it goes away.
    if (claim.expiresAt === undefined) meeting.claimId = claim.id;
  }
  return [...meetings.values()].sort((a, b) => a.at - b.at);
}

/** Those of the meetings, in order of start, that stand in no other one's reach. */
function clearOfOthers(meetings: readonly Meeting[]): Meeting[] {
  const lowestAfter: number[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = meetings.length - 1; i >= 0; i--) {
    lowestAfter[i] = lowest;
    lowest = Math.min(lowest, meetings[i]!.low);
  }
  let highestBefore = Number.NEGATIVE_INFINITY;
  return meetings.filter(({ at, high }, i) => {
    const alone = highestBefore <= at && lowestAfter[i]! > at;
    highestBefore = Math.max(highestBefore, high);
    return alone;
  });
}
