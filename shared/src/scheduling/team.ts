import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { isAllOf, leadOf, type Need, needsOf, type TeamQuery, unmetNeed } from './assignment.ts';
import { add, type Bits, emptyBits, emptySets, fullSets, intersect, nextIn, unite, withFullBits } from './bits.ts';
import { listed, onGrid, type Runs, startsOf } from './grid.ts';
import { HostStarts, listedRuns, listStarts, refusalAt, refusalOfFree } from './host-starts.ts';
import { judgeStart } from './judge.ts';
import type { Reason, SlotQuery } from './model.ts';
import { type Plan, planOf, zoneAt } from './plan.ts';
import { ceilMinute, earliestOf, type Rules, rulesOf } from './rules.ts';
import { type SharedGrid, sharedGrid } from './shared-grid.ts';
import { type Range, type Slots, shownOf, windowOf } from './slots.ts';
import { gridBegin, keepFree, openFor } from './start-map.ts';
import { always, type OpenMinutes } from './windows.ts';

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
  const lead = leadOf(query) ?? query.hosts[0]!;
  let team: Team | undefined;
  const starts = shownOf(query, lead.calendar, (from) => {
    team = layOut(query, rules, from, ceilMinute(query.to));
    return listTeam(team).map((minute) => minute * msPerMinute);
  });
  return {
    starts,
    durationMinutes,
    hostsAt: (start) => hostsOf(query, team!)(start),
  };
}

/**
 * Every start on the grid that could be booked, listed or not, and those that can be joined. Unlike what is listed, none of
 * them depends on where a range of free time begins: they stay what they are when something before them is booked.
 */
export function bookableTeamStarts(query: TeamQuery & Range): Pick<TeamSlots, 'starts' | 'hostsAt'> {
  const rules = rulesOf(query);
  if (!rules || query.hosts.length === 0) return { starts: [], hostsAt: () => [] };
  const team = layOut(query, rules, ceilMinute(query.from), ceilMinute(query.to));
  const joins = hasSeats(team.hosts) ? joinsOf(team).filter((minute) => isEnough(team, minute)) : [];
  const minutes = [...new Set([...gridMinutes(team), ...joins])].sort((a, b) => a - b);
  return { starts: minutes.map((minute) => minute * msPerMinute), hostsAt: hostsOf(query, team) };
}

function hostsOf({ hosts }: TeamQuery, team: Team): TeamSlots['hostsAt'] {
  return (start) => able(team, start / msPerMinute).map((place) => hosts[place]!.calendar.userId);
}

function gridMinutes(team: Team): number[] {
  const { hosts, shared, base, to } = team;
  if (!shared) {
    return hosts.flatMap((host) => {
      return onGrid(host.map, host.grid, host.begin, host.end).filter((minute) => canTake(host, minute));
    });
  }
  const begin = Math.min(...hosts.map(({ begin }) => begin));
  const minutes = withFullBits(to - base, (free) => {
    keepTogether(team, free);
    return onGrid({ base, free }, shared.grid, begin, to);
  });
  return minutes.filter((minute) => isEnough(team, minute));
}

/** The starts of all hosts over one and the same minutes. */
interface Team {
  readonly hosts: readonly HostStarts[];
  readonly needs: readonly Need[];
  readonly shared: SharedGrid | undefined;
  readonly base: number;
  readonly to: number;
}

function layOut(query: TeamQuery, rules: Rules, rangeFrom: number, rangeTo: number): Team {
  const from = Math.max(rangeFrom, ceilMinute(earliestOf(query)));
  const to = Math.max(from, rangeTo);
  const needs = needsOf(query);
  const shared = sharedGrid(query, needs, rules, from, to);
  // What hosts have in common is laid out from where its grid begins: who was there at first may be gone by `from`.
  const begin = shared?.begin ?? from;
  const queries = query.hosts.map(({ calendar }): SlotQuery => ({ ...query, host: calendar }));
  const opens = openForEach(queries, rules, begin, to);
  const base = opens.reduce((base, open) => Math.min(base, gridBegin(open, begin)), begin);
  const maps = needs.every(isAllOf) && query.terms.seats === undefined ? [] : fullSets(queries.length, to - base);
  const hosts = queries.map((query, i) => {
    const laidOut = { open: opens[i]!, base, free: maps[i], grid: shared?.grid };
    return new HostStarts(query, rules, { from, to }, windowOf(query, rules, to), laidOut);
  });
  return { hosts, needs, shared, base, to };
}

/** Who keeps the same hours as somebody before them is not asked once more. */
function openForEach(queries: readonly SlotQuery[], rules: Rules, from: number, to: number): OpenMinutes[] {
  const known = new Map<Plan, OpenMinutes>();
  return queries.map((query) => {
    const plan = planOf(query.host);
    const open = known.get(plan) ?? openFor(query, rules, from, to);
    known.set(plan, open);
    return open;
  });
}

function listTeam(team: Team): number[] {
  const { hosts, shared, base, to } = team;
  if (to <= base) return [];
  if (!shared) return listOfAny(team);
  const { grid, open } = shared;
  const begin = Math.min(...hosts.map(({ begin }) => begin));
  const runs = withFullBits(to - base, (free) => {
    keepTogether(team, free);
    return listed({ base, free, open }, grid, begin, to);
  });
  const minutes = startsOf(runs, grid.rules.interval);
  const joins = hasSeats(hosts) ? joinsOf(team) : [];
  const all = joins.length === 0 ? minutes : [...new Set([...minutes, ...joins])].sort((a, b) => a - b);
  return all.filter((minute) => isEnough(team, minute));
}

function joinsOf({ hosts, to }: Team): number[] {
  return hosts.flatMap(({ map }) => map.joins.map(({ at }) => at)).filter((at) => at < to);
}

/** What is listed for at least one host, once. */
function listOfAny({ hosts, base, to }: Team): number[] {
  const any = emptyBits(to - base);
  for (const host of hosts) {
    if (host.isFull || host.map.joins.length > 0) for (const minute of listStarts(host)) add(any, minute - base);
    else addRuns(any, listedRuns(host), base, host.rules.interval);
  }
  const minutes: number[] = [];
  for (let bit = nextIn(any, 0); bit !== -1; bit = nextIn(any, bit + 1)) minutes.push(base + bit);
  return minutes;
}

function addRuns(any: Bits, runs: Runs, base: number, interval: number): void {
  for (let i = 0; i < runs.length; i += 2) {
    for (let minute = runs[i]!; minute < runs[i + 1]!; minute += interval) add(any, minute - base);
  }
}

/** Keeps the minutes that are free for as many hosts as each need takes. */
function keepTogether({ hosts, needs, base }: Team, free: Bits): void {
  const kept = new Set<OpenMinutes>();
  for (const need of needs) {
    const { members, take } = need;
    const some = members.map((i) => hosts[i]!);
    if (!isAllOf(need) || hasSeats(hosts)) {
      const sets = some.map(({ map }) => map.free);
      intersect(free, freeForSome(sets, take));
    } else {
      for (const { query, rules, open } of some) {
        // Hours that many of them keep are kept once.
        keepFree(query, rules, kept.has(open) ? { edges: always, restarts: [] } : open, base, free);
        kept.add(open);
      }
    }
  }
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
    if (canTake(host, minute)) places.push(i);
  });
  return places;
}

function canTake(host: HostStarts, minute: number, refusal = refusalAt): boolean {
  return minute >= host.begin && minute < host.end && !refusal(host, minute);
}

/** Whether enough hosts can take a minute that `keepTogether` kept. */
function isEnough({ hosts, needs }: Team, minute: number): boolean {
  return needs.every((need) => {
    const { members, take } = need;
    const areFree = isAllOf(need) && !hasSeats(hosts);
    let count = 0;
    for (const i of members) if (canTake(hosts[i]!, minute, areFree ? refusalOfFree : refusalAt)) count++;
    return count >= take;
  });
}

function hasSeats(hosts: readonly HostStarts[]): boolean {
  return hosts[0]!.query.terms.seats !== undefined;
}

/** `hosts` are the users who can take the start; `refusals` tell what stands against each of the others. */
export type TeamVerdict = { readonly refusals: ReadonlyMap<string, Reason> } & (
  | { readonly ok: true; readonly hosts: readonly string[] }
  | { readonly ok: false; readonly reason: Reason | 'host_unavailable' }
);

/** Why a team that has to have one user with it does not take a start: their own reason, before that of the team. */
export function whyNotWith(verdict: TeamVerdict, userId: string | undefined): Reason | 'host_unavailable' {
  const own = userId === undefined ? undefined : verdict.refusals.get(userId);
  return own ?? (verdict.ok ? 'host_unavailable' : verdict.reason);
}

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
  const idAt = (place: number) => query.hosts[place]!.calendar.userId;
  const unmet = unmetNeed(query, (place) => hosts.includes(idAt(place)));
  if (!unmet && query.hosts.length > 0) return { ok: true, hosts, refusals };
  const reasons = new Set(unmet?.members.flatMap((place) => refusals.get(idAt(place)) ?? []));
  // One reason for all of them is the reason; of several, none would be true.
  return { ok: false, reason: reasons.size === 1 ? [...reasons][0]! : 'host_unavailable', refusals };
}

/** The `gridTimezone` by which each host of an event type is to be judged at a start. */
export function gridTimezoneAt(query: TeamQuery, start: Instant): string | undefined {
  const lead = leadOf(query);
  return lead && zoneAt(planOf(lead.calendar), start).id;
}
