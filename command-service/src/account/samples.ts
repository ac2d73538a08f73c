import type { Schedule } from '@agentcal/shared/scheduling/model';
import type { AccountCommand } from './commands.ts';
import type { AccountEvent } from './events.ts';

export const accountId = 'acct_000000000000000000000000';
const organizationId = 'org_000000000000000000000000';

export function connected(fields: { name?: string; metadata?: Record<string, string> } = {}): AccountEvent {
  const { name = 'Acme Insurance', metadata = {} } = fields;
  return {
    type: 'account.connected.v1',
    data: { account_id: accountId, organization_id: organizationId, name, metadata, livemode: false },
  };
}

export function renamed(name: string, metadata: Record<string, string> = {}): AccountEvent {
  return { type: 'account.renamed.v1', data: { account_id: accountId, name, metadata } };
}

export const openTenToFour: Schedule = {
  timezone: 'UTC',
  rules: [1, 2, 3, 4, 5].map((day_of_week) => ({ day_of_week, start_time: '10:00', end_time: '16:00' })),
};

export function scheduleSet(schedule: Schedule = openTenToFour): AccountEvent {
  return { type: 'account.schedule-set.v1', data: { account_id: accountId, schedule } };
}

export const scheduleCleared: AccountEvent = {
  type: 'account.schedule-cleared.v1',
  data: { account_id: accountId },
};

export const deleted: AccountEvent = { type: 'account.deleted.v1', data: { account_id: accountId } };

export function connect(name = 'Acme Insurance'): AccountCommand {
  return { type: 'ConnectAccount', data: { accountId, organizationId, name, metadata: {}, livemode: false } };
}

export function rename(data: { name?: string; metadata?: Record<string, string> }): AccountCommand {
  return { type: 'RenameAccount', data };
}

export function setSchedule(schedule: Schedule = openTenToFour): AccountCommand {
  return { type: 'SetAccountSchedule', data: { schedule } };
}

export const clearSchedule: AccountCommand = { type: 'ClearAccountSchedule', data: {} };

export const remove: AccountCommand = { type: 'DeleteAccount', data: {} };
