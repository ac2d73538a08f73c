import { restsAfterFailures } from '@agentcal/projection-service/tables';
import { setEtag } from '@agentcal/shared/http/etag';
import { Page } from '@agentcal/shared/http/schemas';
import { toIso } from '@agentcal/shared/kernel/time';
import { Webhook } from '@agentcal/shared/resources/webhook';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { sql } from 'kysely';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { newestFirst } from '../newest-first.ts';
import { pageQuery } from '../page.ts';
import { found, owned } from '../tenant.ts';
import { attemptRoutes } from './attempts.ts';

const listWebhooks = {
  operationId: 'listWebhooks',
  summary: 'List webhook endpoints of the key’s mode, the newest first',
  querystring: Type.Object(pageQuery),
  response: { 200: Page(Webhook) },
};

const getWebhook = {
  operationId: 'getWebhook',
  summary: 'Read a webhook endpoint; its secret is not shown again',
  params: Type.Object({ webhook_id: Type.String() }),
  response: { 200: Webhook },
};

const columns = ['id', 'url', 'events', 'livemode', 'created_at', 'revision', 'position'] as const;

/** How it goes is the dispatch's to know, by its own clock. One that was never sent to has no row there. */
const failures = sql<number>`coalesce((select t.failures from webhooks.turns t where t.webhook_id = webhooks.id), 0)`;
const pausedUntil = sql<Date | null>`(select t.free_from from webhooks.turns t
  where t.webhook_id = webhooks.id and t.failures >= ${restsAfterFailures} and t.free_from > now())`;
const shown = [...columns, failures.as('consecutive_failures'), pausedUntil.as('paused_until')] as const;

export const webhookRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, deps) => {
  const { db } = deps;
  await app.register(attemptRoutes, deps);
  const config = { scope: 'webhooks:read', reads: ['webhooks'] } as const;

  app.get('/v1/webhooks', { config, schema: listWebhooks }, async ({ principal, query }) =>
    newestFirst(owned(db, 'webhooks', principal).select(shown), query, show),
  );

  app.get('/v1/webhooks/:webhook_id', { config, schema: getWebhook }, async ({ principal, params }, reply) => {
    const rows = owned(db, 'webhooks', principal).select(shown).where('webhooks.id', '=', params.webhook_id);
    const webhook = found(await rows.executeTakeFirst());
    setEtag(reply, webhook.revision);
    return show(webhook);
  });
};

interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly livemode: boolean;
  readonly created_at: Date;
  readonly consecutive_failures: number;
  readonly paused_until: Date | null;
}

function show({ id, url, events, livemode, created_at, ...delivery }: WebhookRow): Webhook {
  return {
    id,
    url,
    events: [...events],
    livemode,
    created_at: toIso(created_at.getTime()),
    delivery: {
      consecutive_failures: delivery.consecutive_failures,
      paused_until: delivery.paused_until && toIso(delivery.paused_until.getTime()),
    },
  };
}
