import { commandContext } from '@agentcal/shared/http/command-context';
import { ifMatch } from '@agentcal/shared/http/etag';
import { InstantText } from '@agentcal/shared/http/schemas';
import { deriveId, isId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { toIso } from '@agentcal/shared/kernel/time';
import { Away } from '@agentcal/shared/resources/user';
import { Schedule } from '@agentcal/shared/scheduling/model';
import type { Vault } from '@agentcal/shared/vault/port';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { findAccount } from '../account/access.ts';
import { requireSchedule } from '../account/hours.ts';
import type { Executed } from '../executor/port.ts';
import type { RouteDeps } from '../route-deps.ts';
import { setWritten } from '../write-answer.ts';
import { findUser } from './access.ts';
import * as user from './decider.ts';
import type { UserEvent } from './events.ts';
import { subjectOf } from './profile.ts';
import { userAsWritten } from './show.ts';

const params = Type.Object({ account_id: Type.String(), user_id: Type.String() });

const setSchedule = {
  operationId: 'setUserSchedule',
  summary: 'Set the whole schedule of a user; bookings already made stay',
  params,
  body: Schedule,
  response: { 200: Schedule },
};

const setAway = {
  operationId: 'createUserAway',
  summary: 'Say when a user is out of office',
  params,
  body: Type.Object({
    start_time: InstantText,
    end_time: InstantText,
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  }),
  response: { 201: Away },
};

const clearAway = {
  operationId: 'deleteUserAway',
  summary: 'The user is not out of office then after all',
  params: Type.Object({ account_id: Type.String(), user_id: Type.String(), away_id: Type.String() }),
  response: { 200: Away },
};

/** When a user can be booked. Their ETag is the user's: all of it is in one stream. */
export const scheduleRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, { executor, vault, clock }) => {
  const config = { scope: 'users:write' } as const;

  app.put(
    '/v1/accounts/:account_id/users/:user_id/schedule',
    { config, schema: setSchedule },
    async (request, reply) => {
      const { account_id: accountId, user_id: userId } = request.params;
      await findAccount(executor, request.principal, accountId);
      await findUser(executor, accountId, userId);
      const schedule = request.body;
      await requireSchedule(schedule);
      const command = { type: 'SetSchedule', data: { schedule } } as const;
      const context = commandContext(request, clock);
      const written = await executor.execute(user, userId, command, context, { ifRevision: ifMatch(request) });
      setWritten(reply, written);
      return user.scheduleOf(userAsWritten(written));
    },
  );

  app.post('/v1/accounts/:account_id/users/:user_id/away', { config, schema: setAway }, async (request, reply) => {
    const { account_id: accountId, user_id: userId } = request.params;
    await findAccount(executor, request.principal, accountId);
    await findUser(executor, accountId, userId);
    const context = commandContext(request, clock);
    const awayId = deriveId('away', context.commandId);
    const { start_time, end_time, reason } = request.body;
    const range = { start: Date.parse(start_time), end: Date.parse(end_time) };
    const sealed = reason === undefined ? {} : { reason: await vault.seal(subjectOf(accountId, userId), reason) };
    const command = { type: 'SetAway', data: { awayId, ...range, ...sealed } } as const;
    const written = await executor.execute(user, userId, command, context);
    setWritten(reply, written);
    reply.code(201).header('location', `/v1/accounts/${accountId}/users/${userId}/away/${awayId}`);
    return showAway(vault, written, awayId);
  });

  const path = '/v1/accounts/:account_id/users/:user_id/away/:away_id';
  app.delete(path, { config, schema: clearAway }, async (request, reply) => {
    const { account_id: accountId, user_id: userId, away_id: awayId } = request.params;
    await findAccount(executor, request.principal, accountId);
    await findUser(executor, accountId, userId);
    if (!isId('away', awayId)) throw new Refusal('not_found');
    const command = { type: 'ClearAway', data: { awayId } } as const;
    const context = commandContext(request, clock);
    const written = await executor.execute(user, userId, command, context, { ifRevision: ifMatch(request) });
    setWritten(reply, written);
    return showAway(vault, written, awayId);
  });
};

async function showAway(vault: Vault, written: Executed<user.User, UserEvent>, awayId: string): Promise<Away> {
  const { id: user_id, away } = userAsWritten(written);
  const { id, start, end, reason } = away[awayId]!;
  const [opened] = reason ? await vault.open([reason]) : [null];
  return { id, user_id, start_time: toIso(start), end_time: toIso(end), reason: (opened as string | null) ?? null };
}
