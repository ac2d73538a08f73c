import t from 'tap';
import { folded } from '../../engine/scenario.ts';
import { accountsProjection } from './projection.ts';

const given = folded(accountsProjection);
const connected = {
  type: 'account.connected.v1',
  data: { account_id: 'acct_1', organization_id: 'org_1', name: 'Acme', metadata: { crm: '7' }, livemode: true },
  metadata: { livemode: true },
};
const renamed = { type: 'account.renamed.v1', data: { account_id: 'acct_1', name: 'Acme Ltd', metadata: {} } };
const deleted = { type: 'account.deleted.v1', data: { account_id: 'acct_1' } };

t.test('an account in the mode of its key', async (t) => {
  given(t, connected).becomes({
    accounts: [{ id: 'acct_1', organization_id: 'org_1', livemode: true, name: 'Acme', metadata: { crm: '7' } }],
  });
});

t.test('a new name replaces name and metadata, and keeps where it began', async (t) => {
  given(t, connected, renamed).becomes({ accounts: [{ name: 'Acme Ltd', metadata: {}, position: 1, revision: 1 }] });
});

t.test('hours that are set, replaced and cleared', async (t) => {
  const schedule = { timezone: 'UTC', rules: [] };
  const set = { type: 'account.schedule-set.v1', data: { account_id: 'acct_1', schedule } };
  const cleared = { type: 'account.schedule-cleared.v1', data: { account_id: 'acct_1' } };
  given(t, connected).becomes({ accounts: [{ schedule: null }] });
  given(t, connected, set, renamed).becomes({ accounts: [{ name: 'Acme Ltd', schedule, revision: 2 }] });
  given(t, connected, set, cleared).becomes({ accounts: [{ schedule: null, revision: 2 }] });
});

t.test('a deleted account has no row, whatever comes after', async (t) => {
  given(t, connected, deleted, renamed).becomes({ accounts: [] });
});
