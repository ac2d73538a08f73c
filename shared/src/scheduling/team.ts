import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { leadOf, type Need, needsOf, type TeamQuery } from './assignment.ts';
import { add, type Bits, emptyBits, emptySets, fill, intersect, nextIn, unite } from './bits.ts';
import { type Grid, gridOf, listed } from './grid.ts';
import { type HostStarts, hostStarts, listStarts, refusalAt } from './host-starts.ts';
import { judgeStart } from './judge.ts';
import type { Reason, SlotQuery } from './model.ts';
import { planOf, zoneAt } from './plan.ts';
import { ceilMinute, earliestOf, type Rules, rulesOf } from './rules.ts';
import { firstOfDays, instants, type Range, type Slots, windowOf } from './slots.ts';
import { gridBegin, openFor } from './start-map.ts';

export interface TeamSlots extends Slots {
  /** The users who can take a listed start, in the order of `hosts`. Who of them will is assign.ts's choice. */
  readonly hostsAt: (start: Instant) => string[];
}

/**
 * The starts that can be booked now with the hosts of an event type.
 *
 * Where one host is enough, a start is listed when it is listed for at least one of them. Where several have to be
 * there, the ranges of starts that suit enough of them are what the grid is laid on, by the local hour of the lead.
 */
export function findTeamSlots(query: TeamQuery & Range): TeamSlots {
  const rules = rulesOf(query);
  const durationMinutes = query.durationMinutes ?? query.terms.duration_minutes;
  if (!rules || query.hosts.length === 0) return { starts: [], durationMinutes, hostsAt: () => [] };
  const team = layOut(query, rules, ceilMinute(query.from), ceilMinute(query.to));
  const minutes = listTeam(team);
  const lead = leadOf(query) ?? query.hosts[0]!;
  const shown = query.terms.first_slot_of_day_only ? firstOfDays(lead.calendar, minutes) : minutes;
  return {
    starts: instants(shown, query.limit),
    durationMinutes,
    hostsAt: (start) => able(team, start / msPerMinute).map((i) => query.hosts[i]!.calendar.userId),
  };
}

/** Like `listTeam`, but every start on the grid that could be booked, not only each `interval`. */
export function bookableTeamMinutes(query: TeamQuery & Range): number[] {
  const rules = rulesOf(query);
  if (!rules || query.hosts.length === 0) return [];
  return listTeam(layOut(query, { ...rules, interval: rules.grid }, ceilMinute(query.from), ceilMinute(query.to)));
}

/** The starts of all hosts over one and the same minutes. */
interface Team {
  readonly hosts: readonly HostStarts[];
  readonly needs: readonly Need[];
  readonly grid: Grid | undefined;
  readonly lead: number;
  readonly base: number;
  readonly to: number;
}

function layOut(query: TeamQuery, rules: Rules, rangeFrom: number, rangeTo: number): Team {
  const from = Math.max(rangeFrom, ceilMinute(earliestOf(query)));
  const to = Math.max(from, rangeTo);
  const lead = leadOf(query);
  const queries = query.hosts.map(({ calendar }): SlotQuery => ({ ...query, host: calendar }));
  const opens = queries.map((query) => openFor(query, rules, from, to));
  const base = opens.reduce((base, open) => Math.min(base, gridBegin(open, from)), from);
  const grid = lead && gridOf({ host: lead.calendar }, rules);
  const sets = emptySets(queries.length, to - base);
  const hosts = queries.map((query, i) => {
    const window = windowOf(query, rules, to);
    return hostStarts(query, rules, { from, to }, window, { open: opens[i]!, base, free: sets[i]!, grid });
  });
  return { hosts, needs: needsOf(query), grid, lead: lead ? query.hosts.indexOf(lead) : 0, base, to };
}

function listTeam(team: Team): number[] {
  const { hosts, grid, base, to } = team;
  if (to <= base) return [];
  if (!grid) return listOfAny(team);
  const map = { ...hosts[team.lead]!.map, free: together(team) };
  const joins = hosts.flatMap(({ map }) => map.joins.map(({ at }) => at)).filter((at) => at < to);
  const begin = Math.min(...hosts.map(({ begin }) => begin));
  const minutes = new Set([...listed(map, grid, begin, to), ...joins]);
  return [...minutes].filter((minute) => isEnough(team, minute)).sort((a, b) => a - b);
}

/** What is listed for at least one host, once. */
function listOfAny({ hosts, base, to }: Team): number[] {
  const any = emptyBits(to - base);
  for (const host of hosts) {
    for (const minute of listStarts(host)) add(any, minute - base);
  }
  const minutes: number[] = [];
  for (let bit = nextIn(any, 0); bit !== -1; bit = nextIn(any, bit + 1)) minutes.push(base + bit);
  return minutes;
}

/** The minutes that are free for as many hosts as each need takes. */
function together({ hosts, needs }: Team): Bits {
  const minutes = hosts[0]!.map.free.length << 5;
  const all = emptyBits(minutes);
  fill(all, 0, minutes);
  for (const { members, take } of needs) {
    if (members.length === 1 && take === 1) intersect(all, hosts[members[0]!]!.map.free);
    else
      intersect(
        all,
        freeForSome(
          members.map((i) => hosts[i]!.map.free),
          take,
        ),
      );
  }
  return all;
}

/** The minutes that are in at least `take` of the sets. */
function freeForSome(sets: readonly Bits[], take: number): Bits {
  // `atLeast[n]` has the minutes that are in more than `n` of the sets so far.
  const atLeast = emptySets(take, sets[0]!.length << 5);
  for (const free of sets) {
    for (let n = take - 1; n > 0; n--) uniteBoth(atLeast[n]!, atLeast[n - 1]!, free);
    unite(atLeast[0]!, free);
  }
  return atLeast[take - 1]!;
}

function uniteBoth(into: Bits, one: Bits, other: Bits): void {
  for (let i = 0; i < into.length; i++) into[i]! |= one[i]! & other[i]!;
}

function able({ hosts }: Team, minute: number): number[] {
  const places: number[] = [];
  hosts.forEach((host, i) => {
    if (minute >= host.begin && minute < host.end && !refusalAt(host, minute)) places.push(i);
  });
  return places;
}

function isEnough(team: Team, minute: number): boolean {
  const places = new Set(able(team, minute));
  return team.needs.every(({ members, take }) => members.filter((i) => places.has(i)).length >= take);
}

/** `hosts` are the users who can take the start. A refusal tells what stands against each of the others. */
export type TeamVerdict =
  | { readonly ok: true; readonly hosts: readonly string[] }
  | {
      readonly ok: false;
      readonly reason: Reason | 'host_unavailable';
      readonly refusals: ReadonlyMap<string, Reason>;
    };

/** Whether one start can be booked now with the hosts of an event type. Asks `judgeStart` about each of them. */
export function judgeTeam(query: TeamQuery & { readonly start: Instant }): TeamVerdict {
  const gridTimezone = gridTimezoneAt(query, query.start);
  const refusals = new Map<string, Reason>();
  const hosts: string[] = [];
  for (const { calendar } of query.hosts) {
    const verdict = judgeStart({ ...query, host: calendar, ...(gridTimezone !== undefined && { gridTimezone }) });
    if (verdict.ok) hosts.push(calendar.userId);
    else refusals.set(calendar.userId, verdict.reason);
  }
  const idsOf = (need: Need) => need.members.map((i) => query.hosts[i]!.calendar.userId);
  const unmet = needsOf(query).find((need) => idsOf(need).filter((id) => hosts.includes(id)).length < need.take);
  if (!unmet && query.hosts.length > 0) return { ok: true, hosts };
  const reasons = new Set(unmet && idsOf(unmet).flatMap((id) => refusals.get(id) ?? []));
  // One reason for all of them is the reason; of several, none would be true.
  return { ok: false, reason: reasons.size === 1 ? [...reasons][0]! : 'host_unavailable', refusals };
}

/** The `gridTimezone` by which each host of an event type is to be judged at a start. */
export function gridTimezoneAt(query: TeamQuery, start: Instant): string | undefined {
  const lead = leadOf(query);
  return lead && zoneAt(planOf(lead.calendar), start).id;
}
