import { accountEvents } from '@agentcal/command-service/account/events';
import { defineProjection } from '../../engine/consumer.ts';
import { beginning, changed, tenantOf } from '../common.ts';
import { accounts } from './table.ts';

const byAccount = (event: { data: { account_id: string } }) => [{ id: event.data.account_id }];

/** One row per account. */
export const accountsProjection = defineProjection({
  name: 'accounts',
  version: 2,
  definitions: accountEvents,
  tables: { accounts },
  on: {
    'account.connected.v1': {
      accounts: {
        keys: byAccount,
        fold: (_, event) => ({
          id: event.data.account_id,
          ...tenantOf(event),
          name: event.data.name,
          metadata: event.data.metadata,
          schedule: null,
          ...beginning(event),
        }),
      },
    },
    'account.renamed.v1': {
      accounts: {
        keys: byAccount,
        fold: (row, event) => changed(row, event, { name: event.data.name, metadata: event.data.metadata }),
      },
    },
    'account.schedule-set.v1': {
      accounts: { keys: byAccount, fold: (row, event) => changed(row, event, { schedule: event.data.schedule }) },
    },
    'account.schedule-cleared.v1': {
      accounts: { keys: byAccount, fold: (row, event) => changed(row, event, { schedule: null }) },
    },
    'account.deleted.v1': { accounts: { keys: byAccount, fold: () => undefined } },
  },
});
