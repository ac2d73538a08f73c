import { hashKey } from '@agentcal/shared/http/keys';
import t from 'tap';
import { folded } from '../../engine/scenario.ts';
import { organizationsProjection } from './projection.ts';

const given = folded(organizationsProjection);

const registered = {
  type: 'organization.registered.v1',
  data: { organization_id: 'org_1', name: 'Insurance AI', plan: 'free' },
};
const secretKey = {
  type: 'organization.secret-key-issued.v1',
  data: {
    organization_id: 'org_1',
    key_id: 'key_1',
    name: 'First',
    hash: 'abc',
    hint: 'sk_test_…1234',
    livemode: false,
    scopes: ['accounts:read'],
  },
};
const publishable = 'pk_test_000000000000000000000000xyz9';

t.test('an organization with its plan and origins', async (t) => {
  given(
    t,
    registered,
    { type: 'organization.plan-changed.v1', data: { organization_id: 'org_1', plan: 'scale' } },
    { type: 'organization.origins-allowed.v1', data: { organization_id: 'org_1', origins: ['https://a.test'] } },
  ).becomes({
    organizations: [{ id: 'org_1', plan: 'scale', allowed_origins: ['https://a.test'], revision: 2, position: 1 }],
  });
});

t.test('a secret key is a row from its issue on, with the instant it is revoked from', async (t) => {
  given(t, registered, secretKey).becomes({ keys: [{ id: 'key_1', hash: 'abc', key: null, revoked_at: null }] });
  given(t, registered, secretKey, {
    type: 'organization.secret-key-revoked.v1',
    data: { organization_id: 'org_1', key_id: 'key_1', effective_at: '2026-02-01T00:00:00Z' },
  }).becomes({ keys: [{ id: 'key_1', revoked_at: Date.parse('2026-02-01T00:00:00Z'), revision: 2 }] });
});

t.test('a publishable key is kept whole and found by its hash', async (t) => {
  given(t, {
    type: 'organization.publishable-key-issued.v1',
    data: { organization_id: 'org_1', key_id: 'key_2', name: 'Web', key: publishable, livemode: true },
  }).becomes({
    keys: [{ id: 'key_2', kind: 'publishable', key: publishable, hash: hashKey(publishable), livemode: true }],
  });
});

t.test('a webhook endpoint is there until it is removed', async (t) => {
  const webhook = {
    type: 'organization.webhook-registered.v1',
    data: {
      organization_id: 'org_1',
      webhook_id: 'whk_1',
      url: 'https://a.test/hook',
      events: ['booking.created'],
      livemode: false,
    },
  };
  given(t, webhook).becomes({ webhooks: [{ id: 'whk_1', events: ['booking.created'] }] });
  given(t, webhook, {
    type: 'organization.webhook-removed.v1',
    data: { organization_id: 'org_1', webhook_id: 'whk_1' },
  }).becomes({ webhooks: [] });
});
