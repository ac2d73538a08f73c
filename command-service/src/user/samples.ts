import type { UserKind } from '@agentcal/shared/resources/user';
import type { Limit, Schedule } from '@agentcal/shared/scheduling/model';
import type { Sealed } from '@agentcal/shared/vault/port';
import type { UserCommand } from './commands.ts';
import type { UserEvent } from './events.ts';

export const userId = 'user_000000000000000000000000';
export const awayId = 'away_000000000000000000000000';
const accountId = 'acct_000000000000000000000000';

/** Stands for sealed text; what it opens to is nobody's business here. */
export function sealed(text: string): Sealed {
  return { kid: 'dk_1', sealed: text };
}

export const mornings: Schedule = {
  timezone: 'Europe/Berlin',
  rules: [{ day_of_week: 1, start_time: '08:00', end_time: '12:00' }],
};

/** What an event says only where it is not the usual. */
interface Unusual {
  readonly kind?: UserKind;
  readonly limits?: Limit[];
}

export function added(timezone = 'America/New_York', unusual: Unusual = {}): UserEvent {
  return {
    type: 'user.added.v1',
    data: { user_id: userId, account_id: accountId, profile: sealed('John'), timezone, ...unusual },
  };
}

export function changed(profile: Sealed, timezone: string, unusual: Pick<Unusual, 'limits'> = {}): UserEvent {
  return { type: 'user.changed.v1', data: { user_id: userId, profile, timezone, ...unusual } };
}

export function scheduleSet(schedule: Schedule = mornings): UserEvent {
  return { type: 'user.schedule-set.v1', data: { user_id: userId, schedule } };
}

export function awaySet(start_time: string, end_time: string): UserEvent {
  return { type: 'user.away-set.v1', data: { user_id: userId, away_id: awayId, start_time, end_time } };
}

export const awayCleared: UserEvent = { type: 'user.away-cleared.v1', data: { user_id: userId, away_id: awayId } };

export const removed: UserEvent = { type: 'user.removed.v1', data: { user_id: userId } };

export function add(timezone = 'America/New_York', { kind = 'person', limits = [] }: Unusual = {}): UserCommand {
  return { type: 'AddUser', data: { userId, accountId, kind, profile: sealed('John'), timezone, limits } };
}

export function change(data: { profile?: Sealed; timezone?: string; limits?: Limit[] }): UserCommand {
  return { type: 'ChangeUser', data };
}

export function setSchedule(schedule: Schedule = mornings): UserCommand {
  return { type: 'SetSchedule', data: { schedule } };
}

export function setAway(start: string, end: string): UserCommand {
  return { type: 'SetAway', data: { awayId, start: Date.parse(start), end: Date.parse(end) } };
}

export const clearAway: UserCommand = { type: 'ClearAway', data: { awayId } };

export const remove: UserCommand = { type: 'RemoveUser', data: {} };
