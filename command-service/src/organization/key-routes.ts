import { commandContext } from '@agentcal/shared/http/command-context';
import { ifMatch } from '@agentcal/shared/http/etag';
import { hashKey, hintOf } from '@agentcal/shared/http/keys';
import { type Principal, publishableScopes, type Scope, scopes } from '@agentcal/shared/http/principal';
import { InstantText } from '@agentcal/shared/http/schemas';
import { deriveId, isId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, second } from '@agentcal/shared/kernel/time';
import { Key } from '@agentcal/shared/resources/key';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Executed } from '../executor/port.ts';
import type { RouteDeps } from '../route-deps.ts';
import { asWritten, setWritten } from '../write-answer.ts';
import * as organization from './decider.ts';
import type { OrganizationEvent } from './events.ts';
import type { KeyState } from './keys.ts';
import { openNewKeys } from './new-keys.ts';

const params = Type.Object({ key_id: Type.String() });
const ScopeName = Type.Enum(scopes);
const overlap = (about: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 30 * 86_400, description: about }));

const issueKey = {
  operationId: 'createKey',
  summary: 'Issue a key of the mode of the key that asks',
  description:
    'A secret key is shown in this answer only, and in that to a repeat with the same Idempotency-Key: it is not stored. ' +
    'It may do at most what the key that asks may do, and by default the same.',
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    kind: Type.Optional(Type.Enum(['secret', 'publishable'])),
    scopes: Type.Optional(Type.Array(ScopeName, { minItems: 1, maxItems: scopes.length, uniqueItems: true })),
    expires_at: Type.Optional(InstantText),
  }),
  response: { 201: Key },
};

const rollKey = {
  operationId: 'rollKey',
  summary: 'Replace a secret key by a new one with the same name, scopes and expiry',
  description: 'Both hold during the overlap. The new key is shown in this answer only, as when one is issued.',
  params,
  body: Type.Object({ overlap_seconds: overlap('Default 86400'), expires_at: Type.Optional(InstantText) }),
  response: { 201: Key },
};

const revokeKey = {
  operationId: 'deleteKey',
  summary: 'Revoke a key, at once or after an overlap',
  params,
  body: Type.Object({ overlap_seconds: overlap('Default 0') }),
  response: { 200: Key },
};

export const keyRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, { executor, vault, clock }) => {
  const config = { scope: 'organization:write' } as const;
  const newKey = await openNewKeys(vault);

  app.post('/v1/keys', { config, schema: issueKey }, async (request, reply) => {
    const { principal, body } = request;
    const { organizationId, livemode } = principal;
    const context = commandContext(request, clock);
    const keyId = deriveId('key', context.commandId);
    const { name, kind = 'secret' } = body;
    const token = newKey({ kind, livemode, organizationId }, request, context.commandId);
    const command =
      kind === 'secret'
        ? ({
            type: 'IssueSecretKey',
            data: { ...secretKey(token, keyId), name, livemode, ...limits(body, principal, context.at) },
          } as const)
        : ({ type: 'IssuePublishableKey', data: publishableKey(body, { keyId, name, key: token, livemode }) } as const);
    const written = await executor.execute(organization, organizationId, command, context);
    return answerNew(reply, written, { keyId, token, principal });
  });

  app.post(
    '/v1/keys/:key_id/roll',
    { config: { ...config, ifMatch: true }, schema: rollKey },
    async (request, reply) => {
      const { principal } = request;
      const { organizationId, livemode, scopes } = principal;
      const { key_id: keyId } = request.params;
      if (!isId('key', keyId)) throw new Refusal('not_found');
      const context = commandContext(request, clock);
      const { at } = context;
      const successorId = deriveId('key', context.commandId);
      const token = newKey({ kind: 'secret', livemode, organizationId }, request, context.commandId);
      const { overlap_seconds = 86_400, expires_at } = request.body;
      const successor = { ...secretKey(token, successorId), ...expiry(expires_at, at) };
      const oldEndsAt = at + overlap_seconds * second;
      const data = { keyId, successor, livemode, scopes, at, oldEndsAt, ifRevision: ifMatch(request) };
      const written = await executor.execute(organization, organizationId, { type: 'RollSecretKey', data }, context);
      return answerNew(reply, written, { keyId: successorId, token, principal });
    },
  );

  app.delete('/v1/keys/:key_id', { config, schema: revokeKey }, async (request, reply) => {
    const { organizationId, livemode } = request.principal;
    const { key_id: keyId } = request.params;
    if (!isId('key', keyId)) throw new Refusal('not_found');
    const context = commandContext(request, clock);
    const effectiveAt = context.at + (request.body?.overlap_seconds ?? 0) * second;
    const data = { keyId, livemode, effectiveAt, ifRevision: ifMatch(request) };
    const written = await executor.execute(organization, organizationId, { type: 'RevokeKey', data }, context);
    return show(writtenKey(reply, written, keyId));
  });
};

type Written = Executed<organization.Organization, OrganizationEvent>;

/** What a command has made of a key, with the headers that tell of it. */
function writtenKey(reply: FastifyReply, written: Written, keyId: string): KeyState {
  const key = keyAsWritten(written, keyId);
  setWritten(reply, { ...written, revision: key.revision });
  return key;
}

interface NewlyMade {
  readonly keyId: string;
  readonly token: string;
  readonly principal: Principal;
}

function answerNew(reply: FastifyReply, written: Written, { keyId, token, principal }: NewlyMade): Key {
  const key = writtenKey(reply, written, keyId);
  reply.code(201).header('location', `/v1/keys/${keyId}`);
  return show(key, shownTo(principal, key, token));
}

interface Wanted {
  readonly scopes?: readonly Scope[];
  readonly expires_at?: string;
}

function secretKey(token: string, keyId: string) {
  return { keyId, hash: hashKey(token), hint: hintOf(token) };
}

/** @throws {Refusal} `forbidden` where the new key could do more than the one that asks */
function limits(wanted: Wanted, principal: Principal, at: Instant) {
  const { scopes = [...principal.scopes] } = wanted;
  const beyond = scopes.find((scope) => !principal.scopes.has(scope));
  if (beyond) throw new Refusal('forbidden', `The key that asks does not have the scope ${beyond}`);
  return { scopes, ...expiry(wanted.expires_at, at) };
}

function expiry(text: string | undefined, at: Instant): { expiresAt?: Instant } {
  if (text === undefined) return {};
  const expiresAt = Date.parse(text);
  if (expiresAt <= at) throw fault('expires_at', 'must be ahead');
  return { expiresAt };
}

function publishableKey<T>({ scopes, expires_at }: Wanted, key: T): T {
  if (scopes) throw fault('scopes', `must be left out: every publishable key has ${publishableScopes.join(', ')}`);
  if (expires_at) throw fault('expires_at', 'must be left out: a publishable key holds until it is revoked');
  return key;
}

function fault(field: string, detail: string): Refusal {
  return new Refusal('invalid_request', `/body/${field} ${detail}`, {
    errors: [{ pointer: `/body/${field}`, detail }],
  });
}

function keyAsWritten(written: Written, keyId: string): KeyState {
  const shown = asWritten(organization.evolve, written);
  const key = shown.status === 'registered' ? shown.keys[keyId] : undefined;
  if (!key) throw new Refusal('not_found');
  return key;
}

/**
 * The text of a key, for who may do all that it may do: a repeat is not judged again, and may come with a weaker key. Nobody is
 * shown one that was made in another way than this request's.
 */
function shownTo({ scopes }: Principal, key: KeyState, token: string): string | undefined {
  const isWithin =
    key.kind === 'publishable' || key.scopes.every((scope) => (scopes as ReadonlySet<string>).has(scope));
  return isWithin && hashKey(token) === key.hash ? token : undefined;
}

function show(key: KeyState, secret?: string): Key {
  return {
    id: key.id,
    kind: key.kind,
    name: key.name,
    hint: key.hint,
    ...(key.kind === 'publishable' ? { key: key.key } : secret !== undefined && { key: secret }),
    livemode: key.livemode,
    scopes: [...(key.kind === 'secret' ? key.scopes : publishableScopes)],
    expires_at: key.kind === 'secret' ? (key.expiresAt ?? null) : null,
    revoked_at: key.revokedAt ?? null,
    created_at: key.createdAt,
  };
}
