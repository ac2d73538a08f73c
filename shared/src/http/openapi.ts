import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { completeDocument } from './openapi-document.ts';

const description = `Scheduling infrastructure for AI agents.

Every error is an RFC 9457 problem with a \`code\` of one catalogue, the \`errors\` field by field, and a \`next_action\`.
Paths below \`/v1/accounts/{account_id}\` also work without the account, given the header \`X-Account-ID\`:
\`GET /v1/bookings\` is \`GET /v1/accounts/{account_id}/bookings\`.
A read that carries \`AgentCal-Min-Position\` sees the write that answered it as \`AgentCal-Position\`.`;

/**
 * `/v1/openapi.json`, made from the routes' own schemas, and the same to browse at `/docs`. A process that serves a part
 * of the product is given the document of the whole.
 */
export async function describeApi(app: FastifyInstance, whole?: object): Promise<void> {
  if (whole) await app.register(swagger, { mode: 'static', specification: { document: whole as never } });
  else await app.register(swagger, fromRoutes);
  // Everything there is of this origin, and over http on a local network it could not be had by https.
  const transformStaticCSP = (policy: string) => policy.replace(/ ?upgrade-insecure-requests;/, '');
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, transformStaticCSP });
  app.get('/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

const fromRoutes: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: { title: 'AgentCal', version: '1', description, license: { name: 'AGPL-3.0-only' } },
    components: {
      securitySchemes: {
        secret_key: { type: 'http', scheme: 'bearer', description: 'A secret key: sk_live_… or sk_test_…' },
        publishable_key: { type: 'http', scheme: 'bearer', description: 'A publishable key: pk_live_… or pk_test_…' },
      },
    },
  },
  convertConstToEnum: false,
  transform: ({ schema, url, route }) => ({ schema: named({ ...schema, ...describe(route, url) }), url }),
  transformObject: (document) => completeDocument(document),
};

/** The same schema with the names that a record takes in other words, since the plugin drops `patternProperties`. */
function named<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(named) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const { patternProperties, ...rest } = schema as { patternProperties?: Record<string, unknown> };
  const inner = Object.entries(rest).map(([key, value]) => [key, named(value)]);
  const [record] = Object.entries(patternProperties ?? {});
  const words = record && { propertyNames: { pattern: record[0] }, additionalProperties: named(record[1]) };
  return { ...Object.fromEntries(inner), ...words } as T;
}

/** What the document says of a route beyond its schema: all from its configuration and its path. */
function describe({ config, schema }: RouteOptions, url: string): object {
  const keys = config?.publishable ? ['secret_key', 'publishable_key'] : ['secret_key'];
  return {
    tags: schema?.tags ?? [tagOf(url)],
    security: config?.public ? [] : keys.map((key) => ({ [key]: [] })),
    description: [schema?.description, needs(config)].filter(Boolean).join('\n\n'),
    ...(config?.scope && { 'x-scope': config.scope }),
    ...(config?.ifMatch !== undefined && { 'x-if-match': config.ifMatch }),
  };
}

function needs(config: RouteOptions['config']): string {
  if (config?.public) return 'Needs no key.';
  const kinds = config?.publishable ? 'secret or publishable key' : 'secret key';
  return `Needs a ${kinds} with the scope \`${config?.scope}\`.`;
}

/** The collection that a path is about: `bookings` for `/v1/accounts/:account_id/bookings/:id`. */
function tagOf(url: string): string {
  const names = url
    .split('/')
    .slice(2)
    .filter((step) => step !== '' && !step.startsWith(':'));
  return names[0] === 'accounts' ? (names[1] ?? 'accounts') : (names[0] ?? 'other');
}
