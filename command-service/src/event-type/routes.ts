import { commandContext } from '@agentcal/shared/http/command-context';
import { ifMatch } from '@agentcal/shared/http/etag';
import { deriveId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { EventType, showEventType } from '@agentcal/shared/resources/event-type';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { findAccount } from '../account/access.ts';
import type { Executed } from '../executor/port.ts';
import type { RouteDeps } from '../route-deps.ts';
import { asWritten, setWritten } from '../write-answer.ts';
import { findAnyEventType, findEventType } from './access.ts';
import * as eventType from './decider.ts';
import type { EventTypeEvent } from './events.ts';
import { faultyReferences } from './references.ts';
import { changesFrom, EventTypePatch, NewEventType, settingsFrom } from './wire.ts';

const params = Type.Object({ account_id: Type.String(), event_type_id: Type.String() });

const defineEventType = {
  operationId: 'createEventType',
  summary: 'Define what can be booked',
  description: 'Without a `slug` one is made from the name.',
  params: Type.Object({ account_id: Type.String() }),
  body: NewEventType,
  response: { 201: EventType },
};

const changeEventType = {
  operationId: 'updateEventType',
  summary: 'Change an event type; bookings already made keep the terms they were judged by',
  params,
  body: EventTypePatch,
  response: { 200: EventType },
};

const retireEventType = {
  operationId: 'deleteEventType',
  summary: 'Retire an event type: nothing more can be booked with it; bookings already made stay',
  params,
  response: { 200: EventType },
};

export const eventTypeRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, { executor, clock }) => {
  const config = { scope: 'event_types:write' } as const;

  app.post('/v1/accounts/:account_id/event-types', { config, schema: defineEventType }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    await findAccount(executor, request.principal, accountId);
    const context = commandContext(request, clock);
    const eventTypeId = deriveId('eventType', context.commandId);
    const faults = await faultyReferences(executor, accountId, request.body);
    const data = { eventTypeId, accountId, settings: settingsFrom(request.body, eventTypeId), faults };
    const written = await executor.execute(eventType, eventTypeId, { type: 'DefineEventType', data }, context);
    setWritten(reply, written);
    reply.code(201).header('location', `/v1/accounts/${accountId}/event-types/${eventTypeId}`);
    return show(written);
  });

  const path = '/v1/accounts/:account_id/event-types/:event_type_id';

  app.patch(path, { config, schema: changeEventType }, async (request, reply) => {
    const { account_id: accountId, event_type_id: eventTypeId } = request.params;
    await findAccount(executor, request.principal, accountId);
    await findEventType(executor, accountId, eventTypeId);
    const faults = await faultyReferences(executor, accountId, request.body);
    const command = { type: 'ChangeEventType', data: { changes: changesFrom(request.body), faults } } as const;
    const context = commandContext(request, clock);
    const written = await executor.execute(eventType, eventTypeId, command, context, { ifRevision: ifMatch(request) });
    setWritten(reply, written);
    return show(written);
  });

  app.delete(path, { config, schema: retireEventType }, async (request, reply) => {
    const { account_id: accountId, event_type_id: eventTypeId } = request.params;
    await findAccount(executor, request.principal, accountId);
    await findAnyEventType(executor, accountId, eventTypeId);
    const command = { type: 'RetireEventType', data: {} } as const;
    const context = commandContext(request, clock);
    const written = await executor.execute(eventType, eventTypeId, command, context, { ifRevision: ifMatch(request) });
    setWritten(reply, written);
    return show(written);
  });
};

function show(written: Executed<eventType.EventType, EventTypeEvent>): EventType {
  const shown = asWritten(eventType.evolve, written);
  if (shown.status === 'absent') throw new Refusal('not_found');
  return showEventType(shown);
}
