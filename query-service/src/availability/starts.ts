import type { Instant } from '@agentcal/shared/kernel/time';
import { type TeamQuery, unmetNeed } from '@agentcal/shared/scheduling/assignment';
import { judgeStart } from '@agentcal/shared/scheduling/judge';
import type { Reason, SlotQuery } from '@agentcal/shared/scheduling/model';
import { findSlots, type Range } from '@agentcal/shared/scheduling/slots';
import { findTeamSlots, judgeTeam, whyNotWith } from '@agentcal/shared/scheduling/team';
import { whyEmpty, whyTeamEmpty } from '@agentcal/shared/scheduling/why-empty';
import { isRemoved } from './host.ts';

/** Starts of one user and of several, asked alike. */
export type StartsQuery = SlotQuery | (TeamQuery & Among);

export interface Among {
  /** Users of whom one has to be there: a start that none of them can take is none. */
  readonly oneOf?: readonly string[];
}

export type WhyNone = Reason | 'host_unavailable';

/** Who can take a start. Of a start that nobody can take it says nothing. */
export type UsersAt = (start: Instant) => readonly string[];

export interface Found {
  readonly starts: readonly Instant[];
  readonly durationMinutes: number;
  /** Of the starts that were found. */
  readonly usersAt: UsersAt;
}

/** One user as a team of one, for questions that are only asked of teams. */
export function teamOf(query: StartsQuery): TeamQuery {
  if ('hosts' in query) return query;
  const { host: calendar, ...same } = query;
  return { ...same, assignment: 'single', hosts: [{ calendar }] };
}

export function findStarts(query: StartsQuery, range: Range): Found {
  if (!('hosts' in query)) {
    const found = findSlots({ ...query, ...range });
    return { ...found, usersAt: usersOf(query) };
  }
  const everybody = everybodyOf(query);
  const { oneOf } = query;
  if (everybody || !oneOf) {
    const { hostsAt, ...found } = findTeamSlots({ ...query, ...range });
    return { ...found, usersAt: everybody ?? hostsAt };
  }
  const { hostsAt, starts, durationMinutes } = findTeamSlots({ ...query, from: range.from, to: range.to });
  const theirs = starts.filter((start) => hostsAt(start).some((userId) => oneOf.includes(userId)));
  return { starts: theirs.slice(0, range.limit), durationMinutes, usersAt: hostsAt };
}

/** Of any start that can be booked, however it was found. */
export function usersOf(query: StartsQuery): UsersAt {
  const everybody = everybodyOf(query);
  if (everybody) return everybody;
  return (start) => {
    const verdict = judgeTeam({ ...(query as TeamQuery), start });
    return verdict.ok ? verdict.hosts : [];
  };
}

/** Where it takes all of them there is nobody to be told apart. */
function everybodyOf(query: StartsQuery): UsersAt | undefined {
  if ('hosts' in query && query.assignment === 'round_robin') return undefined;
  const all = 'hosts' in query ? query.hosts.map(({ calendar }) => calendar.userId) : [query.host.userId];
  return () => all;
}

/** Why a start cannot be booked; undefined where it can. */
export function whyNotAt(query: StartsQuery, start: Instant): WhyNone | undefined {
  if (!('hosts' in query)) {
    const verdict = judgeStart({ ...query, start });
    return verdict.ok ? undefined : verdict.reason;
  }
  const verdict = judgeTeam({ ...query, start });
  const { oneOf } = query;
  if (verdict.ok && (!oneOf || oneOf.some((userId) => verdict.hosts.includes(userId)))) return undefined;
  return told(query, whyNotWith(verdict, oneOf?.length === 1 ? oneOf[0] : undefined));
}

/** Why a range has none. Undefined where it has some. */
export function whyNoneIn(query: StartsQuery, range: Range): WhyNone | undefined {
  if (!('hosts' in query)) return whyEmpty({ ...query, ...range });
  return told(query, whyTeamEmpty({ ...query, ...range }));
}

/** That the hours of somebody who has been removed do not allow it would be no answer. */
function told(query: StartsQuery, reason: WhyNone): WhyNone {
  if (!('hosts' in query) || reason === 'duration_not_offered') return reason;
  return lacksRemoved(query) ? 'host_unavailable' : reason;
}

/** Whether it takes somebody who has been removed. */
function lacksRemoved(query: TeamQuery): boolean {
  return unmetNeed(query, (place) => !isRemoved(query.hosts[place]!.calendar)) !== undefined;
}
