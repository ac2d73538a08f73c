import { organizationEvents } from '@agentcal/command-service/organization/events';
import { hashKey, hintOf } from '@agentcal/shared/http/keys';
import { type ConsumedOf, defineProjection } from '../../engine/consumer.ts';
import type { RowOf } from '../../engine/table.ts';
import { beginning, changed } from '../common.ts';
import { keys, organizations, webhooks } from './table.ts';

const byOrganization = (event: { data: { organization_id: string } }) => [{ id: event.data.organization_id }];
const byKey = (event: { data: { key_id: string } }) => [{ id: event.data.key_id }];
const byWebhook = (event: { data: { webhook_id: string } }) => [{ id: event.data.webhook_id }];

/** Organizations with their keys and webhook endpoints. Every read is authenticated by it. */
export const organizationsProjection = defineProjection({
  name: 'organizations',
  version: 1,
  definitions: organizationEvents,
  tables: { organizations, keys, webhooks },
  on: {
    'organization.registered.v1': {
      organizations: {
        keys: byOrganization,
        fold: (_, event) => ({
          id: event.data.organization_id,
          name: event.data.name,
          plan: event.data.plan,
          allowed_origins: [],
          ...beginning(event),
        }),
      },
    },
    'organization.origins-allowed.v1': {
      organizations: {
        keys: byOrganization,
        fold: (row, event) => changed(row, event, { allowed_origins: event.data.origins }),
      },
    },
    'organization.plan-changed.v1': {
      organizations: { keys: byOrganization, fold: (row, event) => changed(row, event, { plan: event.data.plan }) },
    },
    'organization.secret-key-issued.v1': {
      keys: {
        keys: byKey,
        fold: (_, event) => ({
          id: event.data.key_id,
          organization_id: event.data.organization_id,
          livemode: event.data.livemode,
          kind: 'secret',
          name: event.data.name,
          hint: event.data.hint,
          hash: event.data.hash,
          key: null,
          scopes: event.data.scopes,
          expires_at: event.data.expires_at === undefined ? null : Date.parse(event.data.expires_at),
          revoked_at: null,
          ...beginning(event),
        }),
      },
    },
    'organization.publishable-key-issued.v1': {
      keys: {
        keys: byKey,
        fold: (_, event) => ({
          id: event.data.key_id,
          organization_id: event.data.organization_id,
          livemode: event.data.livemode,
          kind: 'publishable',
          name: event.data.name,
          hint: hintOf(event.data.key),
          hash: hashKey(event.data.key),
          key: event.data.key,
          scopes: [],
          expires_at: null,
          revoked_at: null,
          ...beginning(event),
        }),
      },
    },
    'organization.secret-key-revoked.v1': { keys: { keys: byKey, fold: revoked } },
    'organization.publishable-key-revoked.v1': { keys: { keys: byKey, fold: revoked } },
    'organization.webhook-registered.v1': {
      webhooks: {
        keys: byWebhook,
        fold: (_, event) => ({
          id: event.data.webhook_id,
          organization_id: event.data.organization_id,
          livemode: event.data.livemode,
          url: event.data.url,
          events: event.data.events,
          ...beginning(event),
        }),
      },
    },
    'organization.webhook-removed.v1': { webhooks: { keys: byWebhook, fold: () => undefined } },
  },
});

type Event<T extends string> = Extract<ConsumedOf<typeof organizationEvents>, { type: T }>;
type KeyRow = RowOf<(typeof keys)['columns']>;

function revoked(
  row: KeyRow | undefined,
  event: Event<'organization.secret-key-revoked.v1' | 'organization.publishable-key-revoked.v1'>,
): KeyRow | undefined {
  return changed(row, event, { revoked_at: Date.parse(event.data.effective_at) });
}
