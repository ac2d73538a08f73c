import { setEtag } from '@agentcal/shared/http/etag';
import { Page } from '@agentcal/shared/http/schemas';
import { toIso } from '@agentcal/shared/kernel/time';
import { Account } from '@agentcal/shared/resources/account';
import { Schedule } from '@agentcal/shared/scheduling/model';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { newestFirst } from '../newest-first.ts';
import { pageQuery } from '../page.ts';
import { found, owned } from '../tenant.ts';

const listAccounts = {
  operationId: 'listAccounts',
  summary: 'List connected accounts, the newest first',
  querystring: Type.Object(pageQuery),
  response: { 200: Page(Account) },
};

const getAccount = {
  operationId: 'getAccount',
  summary: 'Read an account',
  params: Type.Object({ account_id: Type.String() }),
  response: { 200: Account },
};

const getSchedule = {
  operationId: 'getAccountSchedule',
  summary: 'Read when an account is open',
  description: 'Absent until it is set: then only the schedules of its users hold.',
  params: Type.Object({ account_id: Type.String() }),
  response: { 200: Schedule },
};

const columns = ['id', 'name', 'metadata', 'livemode', 'created_at', 'revision', 'position'] as const;

export const accountRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, { db }) => {
  const config = { scope: 'accounts:read', reads: ['accounts'] } as const;

  app.get('/v1/accounts', { config, schema: listAccounts }, async ({ principal, query }) =>
    newestFirst(owned(db, 'accounts', principal).select(columns), query, show),
  );

  app.get('/v1/accounts/:account_id', { config, schema: getAccount }, async ({ principal, params }, reply) => {
    const rows = owned(db, 'accounts', principal).select(columns).where('accounts.id', '=', params.account_id);
    const account = found(await rows.executeTakeFirst());
    setEtag(reply, account.revision);
    return show(account);
  });

  app.get(
    '/v1/accounts/:account_id/schedule',
    { config, schema: getSchedule },
    async ({ principal, params }, reply) => {
      const rows = owned(db, 'accounts', principal).where('accounts.id', '=', params.account_id);
      const { schedule, revision } = found(await rows.select(['schedule', 'revision']).executeTakeFirst());
      setEtag(reply, revision);
      return found(schedule ?? undefined);
    },
  );
};

interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly livemode: boolean;
  readonly created_at: Date;
}

function show({ id, name, metadata, livemode, created_at }: AccountRow): Account {
  return { id, name, metadata, livemode, created_at: toIso(created_at.getTime()) };
}
