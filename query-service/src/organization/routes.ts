import { setEtag } from '@agentcal/shared/http/etag';
import { publishableScopes } from '@agentcal/shared/http/principal';
import { Page } from '@agentcal/shared/http/schemas';
import { toIso } from '@agentcal/shared/kernel/time';
import { Key } from '@agentcal/shared/resources/key';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { newestFirst } from '../newest-first.ts';
import { pageQuery } from '../page.ts';
import { found, owned } from '../tenant.ts';

const Organization = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    plan: Type.String(),
    allowed_origins: Type.Array(Type.String()),
    created_at: Type.String(),
  },
  { title: 'Organization' },
);

const getOrganization = {
  operationId: 'getOrganization',
  summary: 'Read the organization that the key belongs to',
  response: { 200: Organization },
};

const listKeys = {
  operationId: 'listKeys',
  summary: 'List the keys of the key’s own mode, revoked ones too, the newest first',
  description: 'A secret key itself is not shown again. A publishable one is meant to be seen.',
  querystring: Type.Object(pageQuery),
  response: { 200: Page(Key) },
};

export const organizationRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, { db }) => {
  const scope = 'organization:read';

  app.get(
    '/v1/organization',
    { config: { scope, reads: ['organizations'] }, schema: getOrganization },
    async ({ principal }, reply) => {
      const rows = db.selectFrom('organizations').where('id', '=', principal.organizationId);
      const { revision, created_at, allowed_origins, ...organization } = found(
        await rows.select(['id', 'name', 'plan', 'allowed_origins', 'created_at', 'revision']).executeTakeFirst(),
      );
      setEtag(reply, revision);
      return { ...organization, allowed_origins: [...allowed_origins], created_at: iso(created_at)! };
    },
  );

  app.get('/v1/keys', { config: { scope, reads: ['keys'] }, schema: listKeys }, async ({ principal, query }) =>
    newestFirst(owned(db, 'keys', principal).selectAll(), query, (key) => ({
      id: key.id,
      kind: key.kind,
      name: key.name,
      hint: key.hint,
      livemode: key.livemode,
      scopes: [...(key.kind === 'secret' ? key.scopes : publishableScopes)],
      expires_at: iso(key.expires_at),
      revoked_at: iso(key.revoked_at),
      created_at: iso(key.created_at)!,
      ...(key.key !== null && { key: key.key }),
    })),
  );
};

const iso = (date: Date | null) => date && toIso(date.getTime());
