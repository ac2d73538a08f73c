import { setEtag } from '@agentcal/shared/http/etag';
import { Page } from '@agentcal/shared/http/schemas';
import { toIso } from '@agentcal/shared/kernel/time';
import { Away, defaultSchedule, User, type UserKind } from '@agentcal/shared/resources/user';
import { type Limit, Schedule } from '@agentcal/shared/scheduling/model';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { newestFirst } from '../newest-first.ts';
import { pageQuery } from '../page.ts';
import { found, inAccount, requireAccount } from '../tenant.ts';

const ofAccount = Type.Object({ account_id: Type.String() });
const ofUser = Type.Object({ account_id: Type.String(), user_id: Type.String() });

const listUsers = {
  operationId: 'listUsers',
  summary: 'List the users of an account, the newest first',
  params: ofAccount,
  querystring: Type.Object(pageQuery),
  response: { 200: Page(User) },
};

const getUser = { operationId: 'getUser', summary: 'Read a user', params: ofUser, response: { 200: User } };

const getSchedule = {
  operationId: 'getUserSchedule',
  summary: 'Read the schedule that holds for a user',
  description: 'The default one (Monday to Friday, 09:00 to 17:00 in their zone) until one is set.',
  params: ofUser,
  response: { 200: Schedule },
};

const listAway = {
  operationId: 'listUserAway',
  summary: 'List when a user is out of office, what was set last first',
  params: ofUser,
  querystring: Type.Object(pageQuery),
  response: { 200: Page(Away) },
};

const shown = ['id', 'account_id', 'kind', 'name', 'email', 'timezone', 'limits', 'created_at'] as const;
const columns = [...shown, 'revision', 'position'] as const;

export const userRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, { db }) => {
  const scope = 'users:read';
  const config = { scope, reads: ['accounts', 'users'] } as const;

  app.get('/v1/accounts/:account_id/users', { config, schema: listUsers }, async ({ principal, params, query }) => {
    await requireAccount(db, principal, params.account_id);
    return newestFirst(inAccount(db, 'users', principal, params.account_id).select(columns), query, show);
  });

  app.get(
    '/v1/accounts/:account_id/users/:user_id',
    { config, schema: getUser },
    async ({ principal, params }, reply) => {
      const users = inAccount(db, 'users', principal, params.account_id).where('users.id', '=', params.user_id);
      const user = found(await users.select(columns).executeTakeFirst());
      setEtag(reply, user.revision);
      return show(user);
    },
  );

  app.get(
    '/v1/accounts/:account_id/users/:user_id/schedule',
    { config, schema: getSchedule },
    async ({ principal, params }, reply) => {
      const users = inAccount(db, 'users', principal, params.account_id).where('users.id', '=', params.user_id);
      const user = found(await users.select(['schedule', 'timezone', 'revision']).executeTakeFirst());
      setEtag(reply, user.revision);
      return user.schedule ?? defaultSchedule(user.timezone);
    },
  );

  app.get(
    '/v1/accounts/:account_id/users/:user_id/away',
    { config: { scope, reads: ['accounts', 'users', 'away'] }, schema: listAway },
    async ({ principal, params, query }) => {
      const users = inAccount(db, 'users', principal, params.account_id).where('users.id', '=', params.user_id);
      found(await users.select('users.id').executeTakeFirst());
      const away = inAccount(db, 'away', principal, params.account_id).where('away.user_id', '=', params.user_id);
      const rows = away.select(['id', 'user_id', 'start_time', 'end_time', 'reason', 'position']);
      return newestFirst(rows, query, ({ id, user_id, start_time, end_time, reason }): Away => {
        return { id, user_id, start_time: iso(start_time), end_time: iso(end_time), reason };
      });
    },
  );
};

interface UserRow {
  readonly id: string;
  readonly account_id: string;
  readonly kind: UserKind;
  readonly name: string | null;
  readonly email: string | null;
  readonly timezone: string;
  readonly limits: readonly Limit[];
  readonly created_at: Date;
}

function show({ limits, created_at, ...user }: UserRow): User {
  const { id, account_id, kind, name, email, timezone } = user;
  const rest = { limits: [...limits], calendar_id: null, created_at: iso(created_at) };
  return { id, account_id, kind, name, email, timezone, ...rest };
}

const iso = (date: Date) => toIso(date.getTime());
