import type { WebhookTables } from '@agentcal/projection-service/tables';
import { Page } from '@agentcal/shared/http/schemas';
import { toIso } from '@agentcal/shared/kernel/time';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Kysely } from 'kysely';
import { type Static, Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { defaultLimit, pageOf, pageQuery, readCursor } from '../page.ts';
import { found, owned } from '../tenant.ts';

/** One try at telling an endpoint of one event. */
const Attempt = Type.Object(
  {
    event_id: Type.String(),
    event_type: Type.String(),
    subject: Type.String(),
    attempt: Type.Integer({ description: 'Counts from 1 for each event' }),
    attempted_at: Type.String(),
    delivered: Type.Boolean({ description: 'Whether the endpoint answered 2xx in time' }),
    status_code: Type.Union([Type.Integer(), Type.Null()]),
    detail: Type.Union([Type.String(), Type.Null()], {
      description: 'Why there is no status, or how its answer began',
    }),
    duration_ms: Type.Integer(),
  },
  { title: 'WebhookAttempt' },
);

const listWebhookAttempts = {
  operationId: 'listWebhookAttempts',
  summary: 'List attempts at an endpoint, the latest first',
  params: Type.Object({ webhook_id: Type.String() }),
  querystring: Type.Object(pageQuery),
  response: { 200: Page(Attempt) },
};

export const attemptRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, { db }) => {
  const dispatch = db as unknown as Kysely<WebhookTables>;
  const config = { scope: 'webhooks:read', reads: ['webhooks'] } as const;

  app.get(
    '/v1/webhooks/:webhook_id/attempts',
    { config, schema: listWebhookAttempts },
    async ({ principal, params, query }) => {
      const { webhook_id } = params;
      found(
        await owned(db, 'webhooks', principal)
          .select('webhooks.id')
          .where('webhooks.id', '=', webhook_id)
          .executeTakeFirst(),
      );
      const attempts = dispatch
        .selectFrom('webhooks.attempts as a')
        .innerJoin('webhooks.deliveries as d', (join) =>
          join.onRef('d.webhook_id', '=', 'a.webhook_id').onRef('d.event_id', '=', 'a.event_id'),
        )
        .where('a.webhook_id', '=', webhook_id)
        .selectAll('a')
        .select(['d.event_type', 'd.subject'])
        .orderBy('a.id', 'desc')
        .limit((query.limit ?? defaultLimit) + 1);
      const after =
        query.cursor === undefined
          ? attempts
          : attempts.where('a.id', '<', String(readCursor(query.cursor, ['number'])[0]));
      return pageOf(await after.execute(), query, { view: show, keyOf: ({ id }) => [Number(id)] });
    },
  );
};

type AttemptRow = Omit<Static<typeof Attempt>, 'attempted_at'> & { readonly attempted_at: Date };

function show({
  event_id,
  event_type,
  subject,
  attempt,
  attempted_at,
  delivered,
  status_code,
  detail,
  duration_ms,
}: AttemptRow): Static<typeof Attempt> {
  return {
    event_id,
    event_type,
    subject,
    attempt,
    attempted_at: toIso(attempted_at.getTime()),
    delivered,
    status_code,
    detail,
    duration_ms,
  };
}
