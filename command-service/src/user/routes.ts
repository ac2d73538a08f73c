import { commandContext } from '@agentcal/shared/http/command-context';
import { ifMatch } from '@agentcal/shared/http/etag';
import { deriveId } from '@agentcal/shared/kernel/ids';
import { User, UserKind } from '@agentcal/shared/resources/user';
import { Limit, TimeZone } from '@agentcal/shared/scheduling/model';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { findAccount } from '../account/access.ts';
import type { RouteDeps } from '../route-deps.ts';
import { setWritten } from '../write-answer.ts';
import { findAnyUser, findUser } from './access.ts';
import { createChangeUser } from './change.ts';
import { requireNewUser } from './check.ts';
import * as user from './decider.ts';
import { sealProfile } from './profile.ts';
import { showUser } from './show.ts';
import { requireTimeZone } from './zone.ts';

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const Email = Type.String({ format: 'email', maxLength: 254 });
const Limits = Type.Array(Limit, {
  maxItems: 8,
  description: 'Over all their bookings, of whatever event type, in periods of their schedule’s time zone',
});
const params = Type.Object({ account_id: Type.String(), user_id: Type.String() });

const addUser = {
  operationId: 'createUser',
  summary: 'Add a person or a resource that can be booked',
  description:
    'A resource, such as a room, has no `email`; a person needs one. Until a schedule is set it is Monday to Friday, ' +
    '09:00 to 17:00 in `timezone`.',
  params: Type.Object({ account_id: Type.String() }),
  body: Type.Object({
    kind: Type.Optional({ ...UserKind, description: 'Default: person. For good' }),
    name: Name,
    email: Type.Optional(Email),
    timezone: TimeZone,
    limits: Type.Optional(Limits),
  }),
  response: { 201: User },
};

const updateUser = {
  operationId: 'updateUser',
  summary: 'Change a user',
  description: 'A schedule that was set keeps its own time zone. `limits` are replaced whole; null takes them away.',
  params,
  body: Type.Object(
    {
      name: Type.Optional(Name),
      email: Type.Optional(Email),
      timezone: Type.Optional(TimeZone),
      limits: Type.Optional(Type.Union([Limits, Type.Null()])),
    },
    { minProperties: 1 },
  ),
  response: { 200: User },
};

const removeUser = {
  operationId: 'deleteUser',
  summary: 'Remove a user; bookings already made stay',
  params,
  response: { 200: User },
};

export const userRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, { executor, vault, clock }) => {
  const config = { scope: 'users:write' } as const;
  const changeUser = createChangeUser({ executor, vault });

  app.post('/v1/accounts/:account_id/users', { config, schema: addUser }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    await findAccount(executor, request.principal, accountId);
    const { kind = 'person', name, email, timezone, limits = [] } = request.body;
    requireTimeZone(timezone);
    requireNewUser(kind, request.body);
    const context = commandContext(request, clock);
    const userId = deriveId('user', context.commandId);
    const profile = await sealProfile(vault, accountId, userId, { name, ...(email !== undefined && { email }) });
    const command = { type: 'AddUser', data: { userId, accountId, kind, profile, timezone, limits } } as const;
    const written = await executor.execute(user, userId, command, context);
    setWritten(reply, written);
    reply.code(201).header('location', `/v1/accounts/${accountId}/users/${userId}`);
    return showUser(vault, written);
  });

  app.patch('/v1/accounts/:account_id/users/:user_id', { config, schema: updateUser }, async (request, reply) => {
    const { account_id: accountId, user_id: userId } = request.params;
    await findAccount(executor, request.principal, accountId);
    await findUser(executor, accountId, userId);
    if (request.body.timezone !== undefined) requireTimeZone(request.body.timezone);
    const context = commandContext(request, clock);
    const written = await changeUser(userId, request.body, context, ifMatch(request));
    setWritten(reply, written);
    return showUser(vault, written);
  });

  app.delete('/v1/accounts/:account_id/users/:user_id', { config, schema: removeUser }, async (request, reply) => {
    const { account_id: accountId, user_id: userId } = request.params;
    await findAccount(executor, request.principal, accountId);
    await findAnyUser(executor, accountId, userId);
    const command = { type: 'RemoveUser', data: {} } as const;
    const context = commandContext(request, clock);
    const written = await executor.execute(user, userId, command, context, { ifRevision: ifMatch(request) });
    setWritten(reply, written);
    return showUser(vault, written);
  });
};
