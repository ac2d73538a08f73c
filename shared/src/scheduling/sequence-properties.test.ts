import fc from 'fast-check';
import t from 'tap';
import { minute } from '../kernel/time.ts';
import { needsOf, type TeamQuery } from './assignment.ts';
import type { Claim } from './model.ts';
import { claim } from './samples.ts';
import { findSequences } from './sequence.ts';
import { judgeTeam } from './team.ts';
import { TeamReference } from './team-reference.ts';
import { type SequenceWorld, sequenceWorld } from './worlds.ts';

/** Sequences against trying everything, whoever is chosen for each part. `SEED=…` repeats a run. */

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const worlds = Number(process.env.WORLDS ?? 100);
/** Sequences that are compared of each world. */
const most = 20;

t.test(`${worlds} random worlds (SEED=${seed})`, async (t) => {
  let count = 0;
  const property = fc.property(sequenceWorld, (world) => {
    count += compare(world);
  });
  const result = fc.check(property, { seed, numRuns: worlds });
  t.notOk(result.failed, `${fc.defaultReportMessage(result)}\n${result.errorInstance}`);
  t.comment(`${count} sequences compared`);
});

function compare({ parts, gap, from, to }: SequenceWorld): number {
  const sequences = findSequences({ parts, gap, from: from * minute, to: to * minute, limit: most });
  for (const starts of sequences) if (!isBookable(parts, starts)) throw new Error(`${starts} cannot be booked`);
  // Of three parts the engine counts seats, and leaves out what only a certain choice would break.
  if (parts.length > 2 && shared(parts, parts.length) > 0) return sequences.length;
  const [engine, expected] = [JSON.stringify(sequences), JSON.stringify(everything({ parts, gap, from, to }))];
  if (engine !== expected) throw new Error(`\n  engine    ${engine}\n  reference ${expected}`);
  return sequences.length;
}

/** The first sequences: for each start of the first part the earliest of the others that can be booked. */
function everything({ parts, gap, from, to }: SequenceWorld): number[][] {
  const end = to + parts.length * (60 + 45 + gap.maxMinutes);
  const offered = parts.map((part, i) => {
    const reference = new TeamReference(part, from, end);
    return i === 0 ? reference.listed(from, to) : reference.offered(from, end);
  });
  const rest = (starts: readonly number[]): number[] | undefined => {
    const i = starts.length;
    if (i === parts.length) return starts.map((start) => start * minute);
    const ended = starts[i - 1]! + lengthOf(parts[i - 1]!);
    for (const start of offered[i]!) {
      if (start < ended + gap.minMinutes || start > ended + gap.maxMinutes) continue;
      const begun = [...starts, start];
      if (
        !keepBuffers(parts, begun) ||
        !isBookable(
          parts,
          begun.map((start) => start * minute),
        )
      )
        continue;
      const found = rest(begun);
      if (found) return found;
    }
    return undefined;
  };
  const found: number[][] = [];
  for (const first of offered[0]!) {
    const sequence = rest([first]);
    if (sequence && found.push(sequence) === most) break;
  }
  return found;
}

/** Parts that share a host have the buffers of both between them, whoever it will be. */
function keepBuffers(parts: readonly TeamQuery[], starts: readonly number[]): boolean {
  const last = starts.length - 1;
  return starts.slice(0, last).every((start, i) => {
    const between = starts[last]! - start - lengthOf(parts[i]!);
    if (shared([parts[i]!, parts[last]!], 2) === 0) return true;
    return between >= parts[i]!.terms.buffer_after + parts[last]!.terms.buffer_before;
  });
}

/** Whether each part is accepted when those before it are booked, with whomever of those who could take them. */
function isBookable(parts: readonly TeamQuery[], starts: readonly number[], claims: Claims = new Map()): boolean {
  const [part, ...further] = parts;
  const [start, ...later] = starts;
  if (!part || start === undefined) return true;
  const hosts = part.hosts.map((host) => {
    const { calendar } = host;
    return { ...host, calendar: { ...calendar, claims: [...calendar.claims, ...(claims.get(calendar.userId) ?? [])] } };
  });
  const verdict = judgeTeam({ ...part, hosts, start });
  if (!verdict.ok) return false;
  const { buffer_before, buffer_after } = part.terms;
  const time = { start, end: start + lengthOf(part) * minute };
  const booked = claim(time, { id: `${start}`, eventTypeId: part.eventTypeId, buffers: [buffer_before, buffer_after] });
  return choices(part, verdict.hosts).every((users) => {
    const after = new Map(claims);
    for (const userId of users) after.set(userId, [...(after.get(userId) ?? []), booked]);
    return isBookable(further, later, after);
  });
}

type Claims = ReadonlyMap<string, readonly Claim[]>;

/** Every set of users that fulfils all needs of a part. */
function choices(part: TeamQuery, able: readonly string[]): string[][] {
  return needsOf(part).reduce<string[][]>(
    (chosen, { members, take }) => {
      const users = members
        .map((place) => part.hosts[place]!.calendar.userId)
        .filter((userId) => able.includes(userId));
      return chosen.flatMap((some) => subsets(users, take).map((more) => [...some, ...more]));
    },
    [[]],
  );
}

function subsets(users: readonly string[], size: number): string[][] {
  if (size === 0) return [[]];
  return users.flatMap((user, i) => subsets(users.slice(i + 1), size - 1).map((more) => [user, ...more]));
}

/** How many users are in more than one of the first parts. */
function shared(parts: readonly TeamQuery[], count: number): number {
  const users = parts.slice(0, count).flatMap(({ hosts }) => hosts.map(({ calendar }) => calendar.userId));
  return users.length - new Set(users).size;
}

function lengthOf({ durationMinutes, terms }: TeamQuery): number {
  return durationMinutes ?? terms.duration_minutes;
}
