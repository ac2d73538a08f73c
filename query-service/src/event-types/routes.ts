import type { ReadModel } from '@agentcal/projection-service/tables';
import { setEtag } from '@agentcal/shared/http/etag';
import type { Principal } from '@agentcal/shared/http/principal';
import { Page } from '@agentcal/shared/http/schemas';
import { toIso } from '@agentcal/shared/kernel/time';
import { EventType, showEventType } from '@agentcal/shared/resources/event-type';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { newestFirst } from '../newest-first.ts';
import { pageQuery } from '../page.ts';
import { found, inAccount, requireAccount } from '../tenant.ts';

const listEventTypes = {
  operationId: 'listEventTypes',
  summary: 'List what can be booked in an account, the newest first',
  params: Type.Object({ account_id: Type.String() }),
  querystring: Type.Object(pageQuery),
  response: { 200: Page(EventType) },
};

const getEventType = {
  operationId: 'getEventType',
  summary: 'Read an event type',
  params: Type.Object({ account_id: Type.String(), event_type_id: Type.String() }),
  response: { 200: EventType },
};

const columns = ['id', 'account_id', 'settings', 'created_at', 'revision', 'position'] as const;

export const eventTypeRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, { db }) => {
  const config = { scope: 'event_types:read', reads: ['accounts', 'event_types'] } as const;

  const offered = (principal: Principal, { account_id }: { readonly account_id: string }) =>
    inAccount(db, 'event_types', principal, account_id).select(columns).where('event_types.retired', '=', false);

  app.get(
    '/v1/accounts/:account_id/event-types',
    { config, schema: listEventTypes },
    async ({ principal, params, query }) => {
      await requireAccount(db, principal, params.account_id);
      return newestFirst(offered(principal, params), query, show);
    },
  );

  app.get(
    '/v1/accounts/:account_id/event-types/:event_type_id',
    { config, schema: getEventType },
    async ({ principal, params }, reply) => {
      const rows = offered(principal, params);
      const eventType = found(await rows.where('event_types.id', '=', params.event_type_id).executeTakeFirst());
      setEtag(reply, eventType.revision);
      return show(eventType);
    },
  );
};

function show({
  id,
  account_id,
  settings,
  created_at,
}: Pick<ReadModel['event_types'], (typeof columns)[number]>): EventType {
  return showEventType({ id, accountId: account_id, createdAt: toIso(created_at.getTime()), settings });
}
