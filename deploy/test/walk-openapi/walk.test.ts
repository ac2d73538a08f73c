import { type TestServer, testServer } from '@agentcal/shared/http/testing';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import t, { type Test } from 'tap';
import { type TSchema, Type } from 'typebox';
import { type Document, operationsOf } from './document.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';

// The walk itself, against a server with two routes: sound ones, and ones with a fault that it has to find.

const own = { accounts: `acct_${'a'.repeat(24)}`, users: `user_${'a'.repeat(24)}` };
const foreign = { accounts: `acct_${'b'.repeat(24)}`, users: `user_${'b'.repeat(24)}` };

interface Toy {
  /** The field that makes a user. */
  readonly name?: TSchema;
  /** Whether the toy looks whose account it is. */
  readonly careless?: boolean;
  readonly onUser?: (id: string) => void;
}

async function wrongWith(t: Test, toy: Toy = {}): Promise<string[]> {
  const server = await testServer(t, (app) => routes(app, toy), { trustProxy: true, rateLimits: { perKey: 1e6 } });
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  const found: string[] = [];
  const world = worldOf(server);
  const document = server.app.swagger() as unknown as Document;
  for (const operation of operationsOf(document)) {
    const { count, wrong } = await walk(operation, world);
    t.ok(count > 30, `${operation.id}: ${count} attacks`);
    found.push(...wrong);
  }
  return found;
}

function worldOf({ app }: TestServer): World {
  const keys = {
    full: 'sk_test_all',
    otherMode: 'sk_live_all',
    narrow: 'sk_test_audit.read',
    publishable: 'pk_test_all',
  };
  return { url: app.listeningOrigin, keys, own, foreign, bodies: {} };
}

function routes(app: FastifyInstance, { name, careless, onUser }: Toy): void {
  const body = Type.Object({
    name: name ?? Type.String({ minLength: 1, maxLength: 100 }),
    email: Type.String({ format: 'email', maxLength: 254 }),
    level: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
    tags: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 3 })),
    note: Type.Optional(Type.Union([Type.String({ maxLength: 10 }), Type.Null()])),
  });
  const route = (scope: 'users:read' | 'users:write', schema: object): RouteShorthandOptions => ({
    config: { scope },
    schema,
  });
  const look = (livemode: boolean, { account_id, id }: Record<string, string>) => {
    if (!careless && (livemode || account_id !== own.accounts)) throw new Refusal('not_found');
    onUser?.(id ?? '');
    if (id !== undefined && id !== own.users) throw new Refusal('not_found');
  };
  app.post(
    '/v1/accounts/:account_id/users',
    route('users:write', { operationId: 'addUser', body }),
    async (request) => {
      look(request.principal.livemode, request.params as Record<string, string>);
      return {};
    },
  );
  const querystring = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 100 }) });
  const read = route('users:read', { operationId: 'getUser', querystring });
  app.get('/v1/accounts/:account_id/users/:id', read, async (request) => {
    look(request.principal.livemode, request.params as Record<string, string>);
    return {};
  });
}

t.test('finds nothing where nothing is wrong', async (t) => {
  t.same(await wrongWith(t), []);
});

t.test('finds a text without an end', async (t) => {
  t.match((await wrongWith(t, { name: Type.String({ minLength: 1 }) })).join('\n'), /name is endless.*got 200/);
});

t.test('finds another tenant’s account let in', async (t) => {
  const wrong = (await wrongWith(t, { careless: true })).join('\n');
  t.match(wrong, /another organization's id of accounts.*got 200/);
  t.match(wrong, /a key of the other mode.*got 200/);
});

t.test('finds a handler that breaks on an odd id', async (t) => {
  const onUser = (id: string) => {
    if (id === '-1') throw new RangeError('no such index');
  };
  t.match((await wrongWith(t, { onUser })).join('\n'), /the id -1 of users.*got 500/);
});
