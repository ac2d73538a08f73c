import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import type { TeamQuery } from './assignment.ts';
import { type PartList, roomIn } from './sequence-room.ts';
import type { Range } from './slots.ts';
import { bookableTeamStarts, findTeamSlots } from './team.ts';

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
 * They can be booked one after the other, whoever of a pool takes the parts before: a host of two parts gets the
 * buffers of both between them, and where a limit could have room for one of them only, later starts are looked for.
 */
export function findSequences(query: SequenceQuery): (readonly Instant[])[] {
  const { parts, limit = Number.POSITIVE_INFINITY } = query;
  if (parts.length === 0) return [];
  const gaps = gapsOf(query);
  const lists = listsOf(query, gaps);
  const follows = parts.map((): number[] => []);
  for (let i = parts.length - 2; i >= 0; i--) {
    follows[i] = link(lists[i]!.starts, lists[i + 1]!.starts, follows[i + 1]!, lengthOf(parts[i]!), gaps[i]!);
  }
  const room = roomIn(lists);

  /** How starts of the first parts go on to the end of the sequence; the last of them is at `at` in its list. */
  function goOn(begun: readonly Instant[], at: number): readonly Instant[] | undefined {
    if (room.isSpent() || !room.isFor(begun)) return undefined;
    const next = begun.length;
    if (next === parts.length) return begun;
    const { starts } = lists[next]!;
    const latest = begun[next - 1]! + lengthOf(parts[next - 1]!) + gaps[next - 1]!.max;
    for (let then = follows[next - 1]![at]!; then !== -1 && starts[then]! <= latest && !room.isSpent(); then++) {
      const found = follows[next]![then] === -1 ? undefined : goOn([...begun, starts[then]!], then);
      if (found) return found;
    }
    return undefined;
  }

  const sequences: (readonly Instant[])[] = [];
  for (const [place, first] of lists[0]!.starts.entries()) {
    if (sequences.length >= limit || room.isSpent()) break;
    const sequence = goOn([first], place);
    if (sequence) sequences.push(sequence);
  }
  return sequences;
}

/** In ms. */
interface Gap {
  readonly min: number;
  readonly max: number;
}

/** For each start of a part, the place of the earliest start of the next that it can go on with to the end; or -1. */
function link(
  starts: readonly Instant[],
  next: readonly Instant[],
  follows: readonly number[],
  length: number,
  gap: Gap,
): number[] {
  let candidate = 0;
  return starts.map((start) => {
    while (candidate < next.length && (next[candidate]! < start + length + gap.min || follows[candidate] === -1)) {
      candidate++;
    }
    return candidate < next.length && next[candidate]! <= start + length + gap.max ? candidate : -1;
  });
}

function listsOf({ parts, from, to }: SequenceQuery, gaps: readonly Gap[]): PartList[] {
  let begin = from;
  let end = to;
  return parts.map((part, i) => {
    if (i === 0) return { part, ...findTeamSlots({ ...part, from, to }) };
    begin += lengthOf(parts[i - 1]!) + gaps[i - 1]!.min;
    end += lengthOf(parts[i - 1]!) + gaps[i - 1]!.max;
    return { part, ...bookableTeamStarts({ ...part, from: begin, to: end }) };
  });
}

/** The gap before each next part, widened where an earlier part shares a host with it and their buffers need more. */
function gapsOf({ parts, gap }: SequenceQuery): Gap[] {
  const gaps: Gap[] = [];
  for (let next = 1; next < parts.length; next++) {
    let min = gap.minMinutes * msPerMinute;
    // What lies between the end of part `i` and the end of the part before `next`, at least.
    let between = 0;
    for (let i = next - 1; i >= 0; i--) {
      const part = parts[i]!;
      if (share(part, parts[next]!)) {
        const buffers = (part.terms.buffer_after + parts[next]!.terms.buffer_before) * msPerMinute;
        min = Math.max(min, buffers - between);
      }
      between += lengthOf(part) + (gaps[i - 1]?.min ?? 0);
    }
    gaps.push({ min, max: gap.maxMinutes * msPerMinute });
  }
  return gaps;
}

function share(one: TeamQuery, other: TeamQuery): boolean {
  const users = new Set(one.hosts.map(({ calendar }) => calendar.userId));
  return other.hosts.some(({ calendar }) => users.has(calendar.userId));
}

function lengthOf({ durationMinutes, terms }: TeamQuery): number {
  return (durationMinutes ?? terms.duration_minutes) * msPerMinute;
}
