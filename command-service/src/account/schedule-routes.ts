import { commandContext } from '@agentcal/shared/http/command-context';
import { ifMatch } from '@agentcal/shared/http/etag';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { Schedule } from '@agentcal/shared/scheduling/model';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Executed } from '../executor/port.ts';
import type { RouteDeps } from '../route-deps.ts';
import { asWritten, setWritten } from '../write-answer.ts';
import { findAccount } from './access.ts';
import type { AccountCommand } from './commands.ts';
import * as account from './decider.ts';
import type { AccountEvent } from './events.ts';
import { requireSchedule } from './hours.ts';

const params = Type.Object({ account_id: Type.String() });

const setSchedule = {
  operationId: 'setAccountSchedule',
  summary: 'Set when an account is open; bookings already made stay',
  description:
    'Holds besides the schedule of each user: a start has to be within both. An event type with `hours` of its own is ' +
    'held to those instead.',
  params,
  body: Schedule,
  response: { 200: Schedule },
};

const clearSchedule = {
  operationId: 'deleteAccountSchedule',
  summary: 'Leave it to the schedules of its users when an account is open',
  params,
  response: { 200: Schedule },
};

/** When a business is open at all. Their ETag is the account's: all of it is in one stream. */
export const accountScheduleRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, { executor, clock }) => {
  const config = { scope: 'accounts:write' } as const;
  const path = '/v1/accounts/:account_id/schedule';

  app.put(path, { config, schema: setSchedule }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    await findAccount(executor, request.principal, accountId);
    await requireSchedule(request.body);
    const command: AccountCommand = { type: 'SetAccountSchedule', data: { schedule: request.body } };
    const context = commandContext(request, clock);
    const written = await executor.execute(account, accountId, command, context, { ifRevision: ifMatch(request) });
    setWritten(reply, written);
    return scheduleAsWritten(written);
  });

  app.delete(path, { config, schema: clearSchedule }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    await findAccount(executor, request.principal, accountId);
    const command: AccountCommand = { type: 'ClearAccountSchedule', data: {} };
    const context = commandContext(request, clock);
    const written = await executor.execute(account, accountId, command, context, { ifRevision: ifMatch(request) });
    setWritten(reply, written);
    return scheduleAsWritten(written);
  });
};

/** The hours as the command set them, or as they were when it cleared them. */
function scheduleAsWritten(written: Executed<account.Account, AccountEvent>): Schedule {
  const shown = asWritten(account.evolve, written);
  if (shown.status === 'absent' || !shown.hours) throw new Refusal('not_found');
  return shown.hours.schedule;
}
