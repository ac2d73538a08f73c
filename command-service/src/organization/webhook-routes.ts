import { commandContext } from '@agentcal/shared/http/command-context';
import { ifMatch } from '@agentcal/shared/http/etag';
import { deriveId, isId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { PublicEventName, Webhook } from '@agentcal/shared/resources/webhook';
import type { Vault } from '@agentcal/shared/vault/port';
import { calledAs, objectionTo } from '@agentcal/shared/webhooks/destination';
import { newWebhookSecret } from '@agentcal/shared/webhooks/signature';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Executed } from '../executor/port.ts';
import type { RouteDeps } from '../route-deps.ts';
import { asWritten, setWritten } from '../write-answer.ts';
import * as organization from './decider.ts';
import type { OrganizationEvent } from './events.ts';

type Written = Executed<organization.Organization, OrganizationEvent>;

const registerWebhook = {
  operationId: 'createWebhook',
  summary: 'Have events sent to an endpoint from now on',
  description: 'The signing secret is shown here only; a repeat with the same Idempotency-Key shows the same one.',
  body: Type.Object({
    url: Type.String({ minLength: 1, maxLength: 2_000 }),
    events: Type.Array(PublicEventName, { minItems: 1, uniqueItems: true }),
  }),
  response: { 201: Webhook },
};

const removeWebhook = {
  operationId: 'deleteWebhook',
  summary: 'Send nothing more to an endpoint, retries included',
  params: Type.Object({ webhook_id: Type.String() }),
  response: { 200: Webhook },
};

export interface WebhookRouteDeps extends RouteDeps {
  /** Endpoints of test mode may be on this machine, over plain http: for trials. */
  readonly allowLocalWebhooks: boolean;
}

export const webhookRoutes: FastifyPluginAsyncTypebox<WebhookRouteDeps> = async (app, deps) => {
  const { executor, vault, clock, allowLocalWebhooks } = deps;
  const config = { scope: 'webhooks:write' } as const;

  app.post('/v1/webhooks', { config, schema: registerWebhook }, async (request, reply) => {
    const { organizationId, livemode } = request.principal;
    const { url, events } = request.body;
    const objection = objectionTo(url, { allowLoopback: allowLocalWebhooks && !livemode });
    if (objection) throw new Refusal('url_not_allowed', `The URL cannot receive webhooks: ${objection}`);
    const context = commandContext(request, clock);
    const webhookId = deriveId('webhook', context.commandId);
    // Before the event, so that whoever sees the endpoint finds its secret; a repeat finds the first one's.
    const secret = await vault.keepSecret(secretName(webhookId), newWebhookSecret());
    const command = { type: 'RegisterWebhook', data: { webhookId, url: calledAs(url), events, livemode } } as const;
    const written = await executor.execute(organization, organizationId, command, context);
    const webhook = webhookAsWritten(written, webhookId);
    setWritten(reply, { ...written, revision: webhook.revision });
    reply.code(201).header('location', `/v1/webhooks/${webhookId}`);
    return { ...show(webhook), ...(await shownSecret(vault, written, webhookId, secret)) };
  });

  app.delete('/v1/webhooks/:webhook_id', { config, schema: removeWebhook }, async (request, reply) => {
    const { organizationId, livemode } = request.principal;
    const { webhook_id: webhookId } = request.params;
    if (!isId('webhook', webhookId)) throw new Refusal('not_found');
    const context = commandContext(request, clock);
    const data = { webhookId, livemode, ifRevision: ifMatch(request) };
    const written = await executor.execute(organization, organizationId, { type: 'RemoveWebhook', data }, context);
    await vault.deleteSecret(secretName(webhookId));
    const webhook = webhookAsWritten(written, webhookId);
    setWritten(reply, { ...written, revision: webhook.revision });
    return show(webhook);
  });
};

/** A repeat may come after the endpoint was removed. Its secret is gone for good then, and no new one is left behind. */
async function shownSecret(vault: Vault, { state }: Written, webhookId: string, secret: string) {
  const removed = state.status === 'registered' && state.webhooks[webhookId]?.removed;
  if (!removed) return { secret };
  await vault.deleteSecret(secretName(webhookId));
  return {};
}

function secretName(webhookId: string): string {
  return `webhook:${webhookId}`;
}

function webhookAsWritten(written: Written, webhookId: string): organization.WebhookState {
  const shown = asWritten(organization.evolve, written);
  const webhook = shown.status === 'registered' ? shown.webhooks[webhookId] : undefined;
  if (!webhook) throw new Refusal('not_found');
  return webhook;
}

function show({ id, url, events, livemode, createdAt }: organization.WebhookState): Webhook {
  return { id, url, events: [...events], livemode, created_at: createdAt };
}
