import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, type Instant } from '@agentcal/shared/kernel/time';
import type { Slot } from '@agentcal/shared/resources/slot';
import { chooseHosts, type Standing } from '@agentcal/shared/scheduling/assign';
import {
  type EventTypeHost,
  type TeamHost,
  type TeamQuery,
  takesOne,
  unmetNeed,
} from '@agentcal/shared/scheduling/assignment';
import { findTeamSlots, gridTimezoneAt, judgeTeam, whyNotWith } from '@agentcal/shared/scheduling/team';
import type { Rules } from '../calendar/commands.ts';
import { movingRules } from '../calendar/deciders/claims.ts';
import { type Ask, hostAround, searchedMs, slotOf, wanted } from '../calendar/deciders/judging.ts';
import { requireHost } from '../calendar/requests/rules.ts';
import { standingOf } from '../calendar/state/standing.ts';
import type { KnownEventType } from '../event-type/decider.ts';
import type { EventTypeSettings } from '../event-type/events.ts';
import type { Loaded } from '../executor/port.ts';
import type { KnownUser } from '../user/decider.ts';
import type { Desk } from './desk.ts';

/** One meeting that somebody wants, and what is said of who is to be there. */
export interface TeamAsk {
  readonly eventType: Loaded<KnownEventType>;
  readonly start: Instant;
  readonly durationMinutes: number;
  /** Has to be there, and leads. */
  readonly userId?: string | undefined;
  /** The hosts of the booking that is being moved, with their claims for it: not in its way. They stay where they can. */
  readonly current?: ReadonlyMap<string, string>;
  readonly shownIn?: string | undefined;
}

export interface Team {
  /** Everybody who attends, the lead first. */
  readonly userIds: readonly string[];
  /** What the lead's part is judged by. */
  readonly rules: Rules;
  readonly gridTimezone: string | undefined;
}

/** Whether a booking of this event type is decided by a plan: several may have to be there, or it is open who. */
export function needsPlan(settings: EventTypeSettings, userId?: string): boolean {
  const { assignment = 'single', hosts = [] } = settings;
  if (assignment === 'single' || hosts.length <= 1) return false;
  return assignment === 'collective' || userId === undefined || !takesOne({ ...settings, assignment, hosts });
}

/**
 * Who of an event type's hosts would take a start, by their calendars as they are.
 *
 * @throws {Refusal} with the reason and, unless `terse`, up to three times that could be had instead
 */
export async function chooseTeam(desk: Desk, ask: TeamAsk, { terse = false } = {}): Promise<Team> {
  const candidates = await candidatesOf(desk, ask);
  const query = { ...queryOf(desk, ask, candidates, ask.start, ask.start), start: ask.start };
  const standings = new Map(candidates.map(({ host, standing }) => [host.user_id, standing]));
  const verdict = judgeTeam(query);
  const chosen = verdict.ok ? chooseHosts(query, verdict.hosts, standings, preferred(ask)) : undefined;
  const lacks = ask.userId !== undefined && !chosen?.includes(ask.userId);
  if (!chosen || lacks) {
    const named = lacks ? ask.userId : undefined;
    const code = takesRemoved(query, candidates) ? 'host_unavailable' : whyNotWith(verdict, named);
    const alternatives = terse ? undefined : alternativesFor(desk, ask, candidates, standings);
    throw new Refusal(code, undefined, alternatives && { alternatives });
  }
  const lead = ask.userId ?? leadOf(chosen, candidates, ask);
  const userIds = [lead, ...chosen.filter((id) => id !== lead)];
  const { rules } = candidates.find(({ host }) => host.user_id === lead)!;
  return { userIds, rules, gridTimezone: gridTimezoneAt(query, ask.start) };
}

/** Whether it takes somebody who has been removed. That their hours do not allow it would be no answer. */
function takesRemoved(query: TeamQuery, candidates: readonly Candidate[]): boolean {
  return unmetNeed(query, (place) => candidates[place]!.user.status !== 'removed') !== undefined;
}

/** Whose local hour the grid of a start follows, where several have to be there. */
export async function gridTimezoneOf(desk: Desk, ask: TeamAsk): Promise<string | undefined> {
  return gridTimezoneAt(queryOf(desk, ask, await candidatesOf(desk, ask), ask.start, ask.start), ask.start);
}

interface Candidate {
  readonly host: EventTypeHost;
  readonly user: KnownUser;
  readonly rules: Rules;
  readonly standing: Standing;
  /** What of their calendar bears on starts within a range. */
  readonly calendar: (from: Instant, to: Instant) => TeamHost['calendar'];
}

async function candidatesOf(desk: Desk, ask: TeamAsk): Promise<Candidate[]> {
  const { settings, id } = ask.eventType.state;
  const { assignment = 'single', hosts = [] } = settings;
  const listed = assignment === 'single' ? [{ user_id: onlyHost(settings, ask) }] : hosts;
  if (ask.userId !== undefined && assignment !== 'single') requireHost(settings, ask.userId);
  return Promise.all(
    listed.map(async (host) => {
      const user = await desk.userOf(host.user_id);
      const said = await desk.rulesOf(ask.eventType, user, ask.shownIn);
      const rules = ask.current ? movingRules(said, ask.durationMinutes) : said;
      const state = await desk.calendarOf(host.user_id);
      const asked: Ask = { ...ask, userId: host.user_id, rules, at: desk.at };
      const own = ask.current?.get(host.user_id);
      const calendar = (from: Instant, to: Instant) => {
        const around = hostAround(state, asked, from, to);
        const claims = around.claims.filter((claim) => claim.id !== own);
        return { ...around, claims, ...(user.status === 'removed' && { away: always(from, to) }) };
      };
      return { host, user, rules, standing: standingOf(state, id), calendar };
    }),
  );
}

/** Whoever has the booking that is being moved stays its host, also where the event type has dropped them. */
function onlyHost(settings: EventTypeSettings, { userId, current }: TeamAsk): string {
  return userId !== undefined && current?.has(userId) ? userId : requireHost(settings, userId);
}

/** A host who has been removed is never there; the meeting may still need them. */
function always(from: Instant, to: Instant) {
  return [{ start: from - 30 * day, end: to + 30 * day }];
}

function queryOf(
  desk: Desk,
  { eventType, durationMinutes }: TeamAsk,
  candidates: readonly Candidate[],
  from: Instant,
  to: Instant,
): TeamQuery {
  const { assignment = 'single', groups = [] } = eventType.state.settings;
  const { terms, within } = candidates[0]!.rules;
  return {
    ...{ terms, assignment, groups, durationMinutes, now: desk.at, eventTypeId: eventType.state.id },
    hosts: candidates.map(({ host: { user_id: _, ...host }, calendar }) => ({ ...host, calendar: calendar(from, to) })),
    ...(within && { within }),
  };
}

/** Who stays where they can: whoever is named, and hosts of a booking that is being moved who do not give way to them. */
function preferred({ userId, current, eventType }: TeamAsk): string[] {
  const staying = [...(current?.keys() ?? [])];
  if (userId === undefined) return staying;
  const { hosts = [] } = eventType.state.settings;
  const poolOf = (id: string) => {
    const { fixed, group } = hosts.find(({ user_id }) => user_id === id) ?? {};
    return fixed ? id : group;
  };
  return [userId, ...staying.filter((id) => poolOf(id) !== poolOf(userId))];
}

/** The first of the hosts who was already there, or else the first who is a person: a room leads no meeting. */
function leadOf(chosen: readonly string[], candidates: readonly Candidate[], { current }: TeamAsk): string {
  const stays = [...(current?.keys() ?? [])].find((id) => chosen.includes(id));
  const person = candidates.find(({ host, user }) => chosen.includes(host.user_id) && user.kind === 'person');
  return stays ?? person?.host.user_id ?? chosen[0]!;
}

const soonMs = 7 * day;

/** The next starts after the one that was wanted; where there are none, the first from now on. */
function alternativesFor(
  desk: Desk,
  ask: TeamAsk,
  candidates: readonly Candidate[],
  standings: ReadonlyMap<string, Standing>,
): Slot[] {
  const within = (from: Instant, ms: number) => {
    const to = from + ms;
    const query = { ...queryOf(desk, ask, candidates, from, to), from, to };
    // Where somebody has to be there, not every start of the team is one.
    const limit = ask.userId === undefined ? wanted : 20 * wanted;
    const { starts, hostsAt } = findTeamSlots({ ...query, limit });
    return starts.flatMap((start) => {
      const userIds = chooseHosts(query, hostsAt(start), standings, preferred(ask));
      return userIds && (ask.userId === undefined || userIds.includes(ask.userId)) ? [{ start, userIds }] : [];
    });
  };
  // Mostly a few days have enough of them, and two months of several calendars are much to look at.
  const found = (from: Instant) => {
    const soon = within(from, soonMs);
    return soon.length >= wanted ? soon : within(from, searchedMs);
  };
  const after = found(Math.max(ask.start, desk.at));
  const slots = after.length > 0 ? after : found(desk.at);
  const { shownIn } = candidates[0]!.rules;
  const { durationMinutes } = ask;
  return slots.slice(0, wanted).map(({ start, userIds }) => slotOf(start, { durationMinutes, shownIn, userIds }));
}
