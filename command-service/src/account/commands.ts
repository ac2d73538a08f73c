import type { Command } from '@agentcal/shared/kernel/decider';

export type AccountCommand = ConnectAccount | RenameAccount | DeleteAccount;

export type ConnectAccount = Command<
  'ConnectAccount',
  { accountId: string; organizationId: string; name: string; metadata: Record<string, string>; livemode: boolean }
>;

/** What is absent stays as it is. */
export type RenameAccount = Command<'RenameAccount', { name?: string; metadata?: Record<string, string> }>;

export type DeleteAccount = Command<'DeleteAccount', Record<never, never>>;
