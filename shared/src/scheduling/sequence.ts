import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { isAllOf, needsOf, type TeamQuery } from './assignment.ts';
import type { Claim } from './model.ts';
import type { Range } from './slots.ts';
import { bookableTeamMinutes, findTeamSlots, judgeTeam } from './team.ts';

/** Several meetings one after the other: a first one with A, then one with B. */
export interface SequenceQuery extends Range {
  readonly parts: readonly TeamQuery[];
  /** Between the end of a part and the start of the next, both included. */
  readonly gap: { readonly minMinutes: number; readonly maxMinutes: number };
}

/**
 * Starts for all parts, ascending by the first: for each start that is listed for the first part the earliest possible
 * ones of the others, which may be any start on their grids.
 *
 * A host of two parts gets the buffers of both between them. What the hosts who have to be there could not book one
 * part after the other, since a limit has room for one of them only, is left out.
 */
export function findSequences(query: SequenceQuery): Instant[][] {
  const { parts, limit } = query;
  if (parts.length === 0) return [];
  const gaps = gapsOf(query);
  const starts = startsOf(query, gaps);
  const follows = parts.map((): number[] => []);
  for (let i = parts.length - 2; i >= 0; i--) {
    follows[i] = link(starts[i]!, starts[i + 1]!, follows[i + 1]!, minutesOf(parts[i]!), gaps[i]!);
  }
  const sequences: Instant[][] = [];
  for (let first = 0; first < starts[0]!.length && sequences.length < (limit ?? Number.POSITIVE_INFINITY); first++) {
    const sequence = [starts[0]![first]! * msPerMinute];
    let at = first;
    for (let i = 0; i + 1 < parts.length && at !== -1; i++) {
      at = follows[i]![at]!;
      if (at !== -1) sequence.push(starts[i + 1]![at]! * msPerMinute);
    }
    if (at !== -1 && fits(parts, sequence)) sequences.push(sequence);
  }
  return sequences;
}

interface Gap {
  readonly min: number;
  readonly max: number;
}

/** For each start of a part, the place of the earliest start of the next that it can go on with to the end; or -1. */
function link(
  starts: readonly number[],
  next: readonly number[],
  follows: readonly number[],
  duration: number,
  gap: Gap,
): number[] {
  let candidate = 0;
  return starts.map((start) => {
    while (candidate < next.length && (next[candidate]! < start + duration + gap.min || follows[candidate] === -1)) {
      candidate++;
    }
    return candidate < next.length && next[candidate]! <= start + duration + gap.max ? candidate : -1;
  });
}

function startsOf({ parts, from, to }: SequenceQuery, gaps: readonly Gap[]): number[][] {
  let begin = from;
  let end = to;
  return parts.map((part, i) => {
    if (i === 0) return findTeamSlots({ ...part, from, to }).starts.map((start) => start / msPerMinute);
    begin += (minutesOf(parts[i - 1]!) + gaps[i - 1]!.min) * msPerMinute;
    end += (minutesOf(parts[i - 1]!) + gaps[i - 1]!.max) * msPerMinute;
    return bookableTeamMinutes({ ...part, from: begin, to: end });
  });
}

/** The gap before each next part, widened where an earlier part shares a host with it and their buffers need more. */
function gapsOf({ parts, gap }: SequenceQuery): Gap[] {
  const gaps: Gap[] = [];
  for (let next = 1; next < parts.length; next++) {
    let min = gap.minMinutes;
    // Minutes that lie between the end of part `i` and the end of the part before `next`, at least.
    let between = 0;
    for (let i = next - 1; i >= 0; i--) {
      const part = parts[i]!;
      if (share(part, parts[next]!)) {
        min = Math.max(min, part.terms.buffer_after + parts[next]!.terms.buffer_before - between);
      }
      between += minutesOf(part) + (gaps[i - 1]?.min ?? 0);
    }
    gaps.push({ min, max: gap.maxMinutes });
  }
  return gaps;
}

/** Whether each part could be booked when those before it are. */
function fits(parts: readonly TeamQuery[], starts: readonly Instant[]): boolean {
  const claims = new Map<string, Claim[]>();
  return parts.every((part, i) => {
    const start = starts[i]!;
    const always = new Set(needsOf(part).flatMap((need) => (isAllOf(need) ? need.members : [])));
    const users = part.hosts.filter((_, place) => always.has(place)).map(({ calendar }) => calendar.userId);
    const ok = !users.some((user) => claims.has(user)) || judgeTeam({ ...withClaims(part, claims), start }).ok;
    for (const user of users) claims.set(user, [...(claims.get(user) ?? []), claimOf(part, start, i)]);
    return ok;
  });
}

function withClaims(part: TeamQuery, claims: ReadonlyMap<string, readonly Claim[]>): TeamQuery {
  const hosts = part.hosts.map((host) => {
    const more = claims.get(host.calendar.userId) ?? [];
    return { ...host, calendar: { ...host.calendar, claims: [...host.calendar.claims, ...more] } };
  });
  return { ...part, hosts };
}

function claimOf(part: TeamQuery, start: Instant, i: number): Claim {
  const { eventTypeId, terms } = part;
  return {
    id: `part ${i}`,
    eventTypeId,
    start,
    end: start + minutesOf(part) * msPerMinute,
    bufferBeforeMs: terms.buffer_before * msPerMinute,
    bufferAfterMs: terms.buffer_after * msPerMinute,
  };
}

function share(one: TeamQuery, other: TeamQuery): boolean {
  const users = new Set(one.hosts.map(({ calendar }) => calendar.userId));
  return other.hosts.some(({ calendar }) => users.has(calendar.userId));
}

function minutesOf({ durationMinutes, terms }: TeamQuery): number {
  return durationMinutes ?? terms.duration_minutes;
}
