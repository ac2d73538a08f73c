import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { type Principal, type Scope, scopes } from './principal.ts';
import { protect } from './protect.ts';
import { createServer, type ServerOptions } from './server.ts';

/** What of tap this needs. */
interface Test {
  teardown(handler: () => Promise<unknown>): unknown;
}

export interface TestServer {
  readonly app: FastifyInstance;
  /** What was logged so far, a parsed line each. */
  readonly lines: Record<string, unknown>[];
}

/** A server with routes of the test's own behind `protect`. The token names its scopes: see `authenticate`. */
export async function testServer(
  t: Test,
  routes: (app: FastifyInstance) => void | Promise<void>,
  options: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const app = await createServer({ log, ...options });
  t.teardown(() => app.close());
  await app.register(async (app) => {
    protect(app, { authenticate });
    await routes(app);
  });
  return { app, lines };
}

/** Sent by a caller who may do everything. */
export const allowed = { authorization: 'Bearer sk_test_all' };

/** `sk_test_all` may do everything, `sk_test_bookings.read` one thing, `pk_test_all` is publishable. */
async function authenticate(token: string): Promise<Principal | undefined> {
  const [, kind, mode, name] = /^(sk|pk)_(test|live)_(.+)$/.exec(token) ?? [];
  const scope = name?.replace('.', ':') as Scope;
  if (name !== 'all' && !scopes.includes(scope)) return undefined;
  return {
    organizationId: 'org_1',
    keyId: `key_${name}`,
    kind: kind === 'sk' ? 'secret' : 'publishable',
    livemode: mode === 'live',
    scopes: new Set(name === 'all' ? scopes : [scope]),
  };
}
