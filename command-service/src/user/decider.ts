import { isDeepStrictEqual } from 'node:util';
import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Interval, toIso } from '@agentcal/shared/kernel/time';
import { defaultSchedule, type UserKind } from '@agentcal/shared/resources/user';
import type { Limit, Schedule } from '@agentcal/shared/scheduling/model';
import type { Sealed } from '@agentcal/shared/vault/port';
import type { AddUser, UserCommand } from './commands.ts';
import type { UserEvent } from './events.ts';

export type User = { readonly status: 'absent' } | KnownUser;

export interface KnownUser {
  readonly status: 'active' | 'removed';
  readonly id: string;
  readonly accountId: string;
  readonly kind: UserKind;
  readonly profile: Sealed;
  readonly timezone: string;
  readonly limits: readonly Limit[];
  /** Absent until one is set: see `scheduleOf`. */
  readonly schedule?: Schedule;
  /** By id. Those that were cleared stay, so that clearing again is a quiet repeat. */
  readonly away: Readonly<Record<string, AwayRange>>;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

export interface AwayRange extends Interval {
  readonly id: string;
  readonly reason?: Sealed;
  readonly cleared: boolean;
}

export const category = 'user';

export const initial: User = { status: 'absent' };

/** The schedule in force: the one that was set, or office hours in the user's zone. */
export function scheduleOf(user: KnownUser): Schedule {
  return user.schedule ?? defaultSchedule(user.timezone);
}

/** Out-of-office in force. */
export function awayOf(user: KnownUser): readonly AwayRange[] {
  return Object.values(user.away).filter(({ cleared }) => !cleared);
}

export function weigh(user: User): number {
  if (user.status === 'absent') return 1;
  const { rules = [], overrides = [] } = user.schedule ?? {};
  return 1 + user.limits.length + rules.length + overrides.length + Object.keys(user.away).length;
}

export function decide(command: UserCommand, user: User): readonly UserEvent[] {
  if (command.type === 'AddUser') return user.status === 'absent' ? [added(command.data)] : [];
  if (user.status === 'absent') throw new Refusal('not_found');
  if (command.type === 'RemoveUser') {
    return user.status === 'removed' ? [] : [{ type: 'user.removed.v1', data: { user_id: user.id } }];
  }
  if (user.status === 'removed') throw new Refusal('not_found');
  return decideOnActive(command, user);
}

type OnActive = Exclude<UserCommand, { type: 'AddUser' | 'RemoveUser' }>;

function decideOnActive({ type, data }: OnActive, user: KnownUser): readonly UserEvent[] {
  const { id: user_id } = user;
  switch (type) {
    case 'ChangeUser': {
      const { profile = user.profile, timezone = user.timezone, limits = user.limits } = data;
      const same = timezone === user.timezone && isDeepStrictEqual([profile, limits], [user.profile, user.limits]);
      return same ? [] : [{ type: 'user.changed.v1', data: { user_id, profile, timezone, ...someLimits(limits) } }];
    }
    case 'SetSchedule': {
      const { schedule } = data;
      if (isDeepStrictEqual(schedule, user.schedule)) return [];
      return [{ type: 'user.schedule-set.v1', data: { user_id, schedule } }];
    }
    case 'SetAway': {
      const { awayId: away_id, start, end, reason } = data;
      if (end <= start) throw new Refusal('range_reversed');
      if (user.away[away_id]) return [];
      const range = { start_time: toIso(start), end_time: toIso(end) };
      return [{ type: 'user.away-set.v1', data: { user_id, away_id, ...range, ...(reason && { reason }) } }];
    }
    case 'ClearAway': {
      const away = user.away[data.awayId];
      if (!away) throw new Refusal('not_found');
      return away.cleared ? [] : [{ type: 'user.away-cleared.v1', data: { user_id, away_id: away.id } }];
    }
  }
}

function added({ userId, accountId, profile, timezone, kind, limits }: AddUser['data']): UserEvent {
  const ofKind = kind === 'person' ? {} : { kind };
  const data = { user_id: userId, account_id: accountId, profile, timezone, ...ofKind, ...someLimits(limits) };
  return { type: 'user.added.v1', data };
}

function someLimits(limits: readonly Limit[]): { limits?: Limit[] } {
  return limits.length === 0 ? {} : { limits: [...limits] };
}

export function evolve(user: User, { type, data, metadata }: FoldedEvent<UserEvent>): User {
  if (type === 'user.added.v1') {
    const { user_id: id, account_id: accountId, kind = 'person', profile, timezone, limits = [] } = data;
    const createdAt = metadata.occurred_at;
    return { status: 'active', id, accountId, kind, profile, timezone, limits, away: {}, createdAt };
  }
  if (user.status === 'absent') return user;
  switch (type) {
    case 'user.changed.v1':
      return { ...user, profile: data.profile, timezone: data.timezone, limits: data.limits ?? [] };
    case 'user.schedule-set.v1':
      return { ...user, schedule: data.schedule };
    case 'user.away-set.v1':
      return withAway(user, {
        id: data.away_id,
        start: Date.parse(data.start_time),
        end: Date.parse(data.end_time),
        ...(data.reason && { reason: data.reason }),
        cleared: false,
      });
    case 'user.away-cleared.v1': {
      const away = user.away[data.away_id];
      return away ? withAway(user, { ...away, cleared: true }) : user;
    }
    case 'user.removed.v1':
      return { ...user, status: 'removed' };
  }
}

function withAway(user: KnownUser, away: AwayRange): KnownUser {
  return { ...user, away: { ...user.away, [away.id]: away } };
}
