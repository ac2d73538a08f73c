import { commandContext } from '@agentcal/shared/http/command-context';
import { ifMatch } from '@agentcal/shared/http/etag';
import { Metadata } from '@agentcal/shared/http/schemas';
import { deriveId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { Account } from '@agentcal/shared/resources/account';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Executed } from '../executor/port.ts';
import type { RouteDeps } from '../route-deps.ts';
import { asWritten, setWritten } from '../write-answer.ts';
import { findAccount, findAnyAccount } from './access.ts';
import * as account from './decider.ts';
import type { AccountEvent } from './events.ts';

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const params = Type.Object({ account_id: Type.String() });

const connectAccount = {
  operationId: 'createAccount',
  summary: 'Connect an account: one business of yours',
  body: Type.Object({ name: Name, metadata: Type.Optional(Metadata) }),
  response: { 201: Account },
};

const renameAccount = {
  operationId: 'updateAccount',
  summary: 'Change an account; `metadata` is replaced whole',
  params,
  body: Type.Object({ name: Type.Optional(Name), metadata: Type.Optional(Metadata) }, { minProperties: 1 }),
  response: { 200: Account },
};

const deleteAccount = {
  operationId: 'deleteAccount',
  summary: 'Delete an account; everything in it answers as absent from then on',
  params,
  response: { 200: Account },
};

export const accountRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, { executor, clock }) => {
  const config = { scope: 'accounts:write' } as const;

  app.post('/v1/accounts', { config, schema: connectAccount }, async (request, reply) => {
    const context = commandContext(request, clock);
    const { organizationId, livemode } = context;
    const accountId = deriveId('account', context.commandId);
    const { name, metadata = {} } = request.body;
    const data = { accountId, organizationId, name, metadata, livemode };
    const written = await executor.execute(
      account,
      accountId,
      { type: 'ConnectAccount', data },
      { ...context, accountId },
    );
    setWritten(reply, written);
    return reply.code(201).header('location', `/v1/accounts/${accountId}`).send(show(written));
  });

  app.patch('/v1/accounts/:account_id', { config, schema: renameAccount }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    await findAccount(executor, request.principal, accountId);
    const command = { type: 'RenameAccount', data: request.body } as const;
    const context = commandContext(request, clock);
    const written = await executor.execute(account, accountId, command, context, { ifRevision: ifMatch(request) });
    setWritten(reply, written);
    return show(written);
  });

  app.delete('/v1/accounts/:account_id', { config, schema: deleteAccount }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    await findAnyAccount(executor, request.principal, accountId);
    const command = { type: 'DeleteAccount', data: {} } as const;
    const context = commandContext(request, clock);
    const written = await executor.execute(account, accountId, command, context, { ifRevision: ifMatch(request) });
    setWritten(reply, written);
    return show(written);
  });
};

function show(written: Executed<account.Account, AccountEvent>): Account {
  const shown = asWritten(account.evolve, written);
  if (shown.status === 'absent') throw new Refusal('not_found');
  const { id, name, metadata, livemode, createdAt } = shown;
  return { id, name, metadata: { ...metadata }, livemode, created_at: createdAt };
}
