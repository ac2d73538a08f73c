import { isDeepStrictEqual } from 'node:util';
import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { Refusal } from '@agentcal/shared/kernel/refusal';
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
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

export const category = 'account';

export const initial: Account = { status: 'absent' };

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
    case 'account.deleted.v1':
      return { ...account, status: 'deleted' };
  }
}
