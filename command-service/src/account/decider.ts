import { isDeepStrictEqual } from 'node:util';
import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Schedule } from '@agentcal/shared/scheduling/model';
import type { AccountCommand } from './commands.ts';
import type { AccountEvent } from './events.ts';

export type Account = { readonly status: 'absent' } | KnownAccount;

export interface KnownAccount {
  readonly status: 'connected' | 'deleted';
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly livemode: boolean;
  /** When the business is open. One that was cleared stays as a mark, so that clearing again is a quiet repeat. */
  readonly hours?: { readonly schedule: Schedule; readonly cleared: boolean };
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

export const category = 'account';

export const initial: Account = { status: 'absent' };

/** The hours in force; none unless they are set. */
export function hoursOf({ hours }: KnownAccount): Schedule | undefined {
  return hours && !hours.cleared ? hours.schedule : undefined;
}

export function weigh(account: Account): number {
  if (account.status === 'absent' || !account.hours) return 1;
  const { rules, overrides = [] } = account.hours.schedule;
  return 1 + rules.length + overrides.length;
}

export function decide({ type, data }: AccountCommand, account: Account): readonly AccountEvent[] {
  switch (type) {
    case 'ConnectAccount': {
      if (account.status !== 'absent') return [];
      const { accountId, organizationId, name, metadata, livemode } = data;
      return [
        {
          type: 'account.connected.v1',
          data: { account_id: accountId, organization_id: organizationId, name, metadata, livemode },
        },
      ];
    }
    case 'RenameAccount': {
      if (account.status !== 'connected') throw new Refusal('not_found');
      const { name = account.name, metadata = account.metadata } = data;
      if (name === account.name && isDeepStrictEqual(metadata, account.metadata)) return [];
      return [{ type: 'account.renamed.v1', data: { account_id: account.id, name, metadata } }];
    }
    case 'SetAccountSchedule': {
      if (account.status !== 'connected') throw new Refusal('not_found');
      const { schedule } = data;
      if (isDeepStrictEqual(schedule, hoursOf(account))) return [];
      return [{ type: 'account.schedule-set.v1', data: { account_id: account.id, schedule } }];
    }
    case 'ClearAccountSchedule':
      if (account.status !== 'connected' || !account.hours) throw new Refusal('not_found');
      return account.hours.cleared ? [] : [{ type: 'account.schedule-cleared.v1', data: { account_id: account.id } }];
    case 'DeleteAccount':
      if (account.status === 'absent') throw new Refusal('not_found');
      return account.status === 'deleted' ? [] : [{ type: 'account.deleted.v1', data: { account_id: account.id } }];
  }
}

export function evolve(account: Account, { type, data, metadata }: FoldedEvent<AccountEvent>): Account {
  if (type === 'account.connected.v1') {
    return {
      status: 'connected',
      id: data.account_id,
      organizationId: data.organization_id,
      name: data.name,
      metadata: data.metadata,
      livemode: data.livemode,
      createdAt: metadata.occurred_at,
    };
  }
  if (account.status === 'absent') return account;
  switch (type) {
    case 'account.renamed.v1':
      return { ...account, name: data.name, metadata: data.metadata };
    case 'account.schedule-set.v1':
      return { ...account, hours: { schedule: data.schedule, cleared: false } };
    case 'account.schedule-cleared.v1':
      return account.hours ? { ...account, hours: { ...account.hours, cleared: true } } : account;
    case 'account.deleted.v1':
      return { ...account, status: 'deleted' };
  }
}
