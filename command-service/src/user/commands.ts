import type { Command } from '@agentcal/shared/kernel/decider';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { UserKind } from '@agentcal/shared/resources/user';
import type { Limit, Schedule } from '@agentcal/shared/scheduling/model';
import type { Sealed } from '@agentcal/shared/vault/port';

/** Personal data arrives sealed: `profile` opens to `UserProfile`, `reason` to a string. */
export type UserCommand = AddUser | ChangeUser | SetSchedule | SetAway | ClearAway | RemoveUser;

export type AddUser = Command<
  'AddUser',
  {
    userId: string;
    accountId: string;
    kind: UserKind;
    profile: Sealed;
    timezone: string;
    /** Empty: none. Already checked, here and in `ChangeUser`. */
    limits: readonly Limit[];
  }
>;

/** What is absent stays as it is. The same sealed text is the same profile; another text counts as another profile. */
export type ChangeUser = Command<'ChangeUser', { profile?: Sealed; timezone?: string; limits?: readonly Limit[] }>;

/** Already checked: a schedule is judged by `checkSchedule` where it comes in. */
export type SetSchedule = Command<'SetSchedule', { schedule: Schedule }>;

export type SetAway = Command<'SetAway', { awayId: string; start: Instant; end: Instant; reason?: Sealed }>;

export type ClearAway = Command<'ClearAway', { awayId: string }>;

export type RemoveUser = Command<'RemoveUser', Record<never, never>>;
