import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { parseBodies } from './body.ts';
import { allowOrigins } from './browsers.ts';
import { answerClientError, answerOddRequests } from './client-error.ts';
import { closeSchemas } from './closed-schemas.ts';
import { checkRequests } from './entrance.ts';
import { type Checks, exposeHealth } from './health.ts';
import { exposeMetrics } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { handleProblems, sendUnroutable } from './problem-handler.ts';
import { defaultRateLimits, limitRates, type RateLimitOptions } from './rate-limits.ts';
import { requestIdOf } from './request-id.ts';
import { logRequests } from './request-line.ts';
import type { DescribedRoutes } from './routes.ts';
import { buildSerializer } from './serialization.ts';
import { rewriteShortPath } from './short-paths.ts';
import { createValidatorCompiler } from './validation.ts';

export interface ServerOptions {
  readonly log: FastifyBaseLogger;
  /** What `/health/ready` asks, by the name it shows. */
  readonly checks?: Checks;
  /** What has not answered by then does not answer. */
  readonly checkTimeoutMs?: number;
  /** Origins whose pages may read answers. None by default. */
  readonly allowedOrigins?: readonly string[];
  /** Whose `X-Forwarded-For` is believed: as Fastify's option. Needed behind a gateway for limits per address. */
  readonly trustProxy?: boolean | string;
  readonly rateLimits?: Partial<RateLimitOptions>;
  readonly bodyLimitBytes?: number;
  /** OpenAPI document of the whole product, where this process serves a part of it. By default it serves all it knows. */
  readonly whole?: DescribedRoutes;
  /** How long requests in flight may take once closing has begun. */
  readonly closeTimeoutMs?: number;
  /** How long a request may take to arrive. */
  readonly requestTimeoutMs?: number;
  /** How often arriving requests are looked at for that. */
  readonly connectionCheckMs?: number;
}

/**
 * The HTTP edge that every service is mounted in: shapes, problems, limits, documents, health, metrics,
 * logs. It knows no route of the product. Services bring their own, and their own `protect`.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: (request) => requestIdOf(request.headers),
    bodyLimit: options.bodyLimitBytes ?? 256 * 1024,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    keepAliveTimeout: 72_000,
    trustProxy: options.trustProxy ?? false,
    // Both answered in entrance.ts, as problems.
    return503OnClosing: false,
    http: { requireHostHeader: false, connectionsCheckingInterval: options.connectionCheckMs ?? 5_000 },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    rewriteUrl: rewriteShortPath,
    frameworkErrors: sendUnroutable,
    clientErrorHandler: answerClientError,
    schemaController: { compilersFactory: { buildSerializer } },
  });
  app.setValidatorCompiler(createValidatorCompiler());
  answerOddRequests(app.server);
  parseBodies(app);
  logRequests(app);
  await allowOrigins(app, options.allowedOrigins ?? []);
  checkRequests(app);
  handleProblems(app, options.whole);
  closeSchemas(app);
  await limitRates(app, { ...defaultRateLimits, ...options.rateLimits });
  await describeApi(app, options.whole);
  exposeHealth(app, options.checks ?? {}, options.checkTimeoutMs ?? 2_000);
  exposeMetrics(app);
  boundClose(app, options.closeTimeoutMs ?? 10_000);
  return app;
}

/** Closing waits for requests in flight, and not for those that never end. */
function boundClose(app: FastifyInstance, timeoutMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs).unref();
  });
  app.addHook('onClose', async () => clearTimeout(timer));
}
