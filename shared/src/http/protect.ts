import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';
import { idempotencyKey } from './command-context.ts';
import { ifMatch } from './etag.ts';
import { minPosition } from './position.ts';
import type { Authenticate, Principal, Scope } from './principal.ts';
import { requireOneAccount } from './short-paths.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key must be allowed to do to come in. */
    scope?: Scope;
    /** No key is needed, and none is looked at. */
    public?: true;
    /** Publishable keys may come in too. */
    publishable?: true;
    /** Whether `If-Match` is heard. Unless said, by every PUT, PATCH and DELETE. */
    ifMatch?: boolean;
  }
  interface FastifyRequest {
    /** Who asks. Not there on public routes. */
    principal: Principal;
  }
}

export interface ProtectOptions {
  readonly authenticate: Authenticate;
}

/**
 * Lets in only requests whose key may do what their route declares. Called once inside a service's
 * plugin, before its routes; a route that declares neither `scope` nor `public` stops the start.
 */
export function protect(app: FastifyInstance, { authenticate }: ProtectOptions): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.scope === undefined && config?.public !== true) {
      throw new Error(`${method} ${url} declares neither a scope nor that it is public`);
    }
  });

  app.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions;
    if (config.public) return app.limits.byAddress(request, reply);
    const principal = await identify(request, reply, authenticate);
    request.principal = principal;
    if (principal.kind === 'publishable' && !config.publishable) {
      throw new Refusal('forbidden', 'A publishable key is not taken here; use a secret key');
    }
    if (!principal.scopes.has(config.scope!)) {
      throw new Refusal('forbidden', `The key does not have the scope ${config.scope}`);
    }
    await app.limits.byKey(request, reply);
  });

  // Headers of ours that are not of their shape are refused everywhere, also where nobody reads them.
  app.addHook('preValidation', (request, _reply, done) => {
    try {
      idempotencyKey(request);
      minPosition(request);
      ifMatch(request);
      requireOneAccount(request);
      done();
    } catch (refusal) {
      done(refusal as Refusal);
    }
  });
}

async function identify(request: FastifyRequest, reply: FastifyReply, authenticate: Authenticate): Promise<Principal> {
  const { failures } = request.server.limits;
  const token = bearerToken(request.headers.authorization);
  await failures.refuseIfSpent(request, reply, token);
  const principal = token === undefined ? undefined : await authenticate(token, request);
  if (principal) {
    failures.forgive(token!);
    return principal;
  }
  await failures.count(request);
  if (token === undefined) throw new Refusal('unauthenticated', 'The authorization header must be: Bearer <key>');
  throw new Refusal('unauthenticated', 'The key is unknown, revoked or expired');
}

/** RFC 6750. The scheme is not case-sensitive; the token is. */
function bearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^bearer +([\w.~+/=-]{1,512}) *$/i.exec(header)?.[1];
}
