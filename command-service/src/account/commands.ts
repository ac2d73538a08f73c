import type { Command } from '@agentcal/shared/kernel/decider';
import type { Schedule } from '@agentcal/shared/scheduling/model';

export type AccountCommand = ConnectAccount | RenameAccount | SetAccountSchedule | ClearAccountSchedule | DeleteAccount;

export type ConnectAccount = Command<
  'ConnectAccount',
  { accountId: string; organizationId: string; name: string; metadata: Record<string, string>; livemode: boolean }
>;

/** What is absent stays as it is. */
export type RenameAccount = Command<'RenameAccount', { name?: string; metadata?: Record<string, string> }>;

/** Already checked: a schedule is judged where it comes in. */
export type SetAccountSchedule = Command<'SetAccountSchedule', { schedule: Schedule }>;

export type ClearAccountSchedule = Command<'ClearAccountSchedule', Record<never, never>>;

export type DeleteAccount = Command<'DeleteAccount', Record<never, never>>;
