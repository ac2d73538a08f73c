import { hash } from 'node:crypto';
import type { CommandContext } from '../kernel/command-context.ts';
import { commandIdFrom } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Clock } from '../kernel/time.ts';
import type { Principal } from './principal.ts';
import { pathOf } from './problem.ts';

/** The part of a Fastify request that surrounds a command; structural, so that every route's types fit. */
export interface CommandRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: object;
  readonly params: unknown;
  readonly body: unknown;
  readonly principal: Principal;
}

/**
 * What surrounds the command that a request asks for. The idempotency key counts within an
 * organization and a mode: test and live keys may use the same ones.
 */
export function commandContext(request: CommandRequest, clock: Clock): CommandContext {
  const { organizationId, keyId, livemode } = request.principal;
  const key = idempotencyKey(request);
  const commandId = commandIdFrom(organizationId, key && `${livemode ? 'live' : 'test'}\n${key}`);
  const { account_id: accountId } = (request.params ?? {}) as { account_id?: string };
  return {
    commandId,
    fingerprint: fingerprint(request),
    organizationId,
    ...(accountId !== undefined && { accountId }),
    livemode,
    actor: { kind: 'key', id: keyId },
    correlationId: commandId,
    requestId: request.id,
    at: clock.now(),
  };
}

/** The caller's name for this command. Chosen by the caller, so held to a shape. */
export function idempotencyKey({ headers }: { readonly headers: object }): string | undefined {
  const key = (headers as Record<string, unknown>)['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)))
    return key as string | undefined;
  const fault = { pointer: '/headers/idempotency-key', detail: 'must be 1 to 255 visible ASCII characters' };
  throw new Refusal('invalid_request', `${fault.pointer} ${fault.detail}`, { errors: [fault] });
}

/** Hash of what is asked: the same whatever the order of the body's keys or the spelling of its numbers. */
export function fingerprint({ method, url, body }: Pick<CommandRequest, 'method' | 'url' | 'body'>): string {
  return hash('sha256', `${method} ${pathOf(url)}\n${canonical(body)}`, 'base64url');
}

/** JSON with sorted keys. Bodies are at most 32 levels deep (`body.ts`), so recursion is safe. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
