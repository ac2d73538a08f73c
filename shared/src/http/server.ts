import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';
import { parseBodies, refuseUnstorableUrl } from './body.ts';
import { answerClientError, answerOddRequests } from './client-error.ts';
import { closeSchemas } from './closed-schemas.ts';
import { tellBrowsers } from './edge.ts';
import { type Checks, exposeHealth } from './health.ts';
import { exposeMetrics } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { handleProblems, sendProblem } from './problem-handler.ts';
import { defaultRateLimits, limitRates, type RateLimitOptions } from './rate-limits.ts';
import { requestIdOf } from './request-id.ts';
import { logRequests } from './request-line.ts';
import { rewriteShortPath } from './short-paths.ts';
import { createValidatorCompiler } from './validation.ts';

export interface ServerOptions {
  readonly log: FastifyBaseLogger;
  /** What `/health/ready` asks, by the name it shows. */
  readonly checks?: Checks;
  /** Origins whose pages may read answers. None by default. */
  readonly allowedOrigins?: readonly string[];
  /** Whose `X-Forwarded-For` is believed: as Fastify's option. Needed behind a gateway for limits per address. */
  readonly trustProxy?: boolean | string;
  readonly rateLimits?: Partial<RateLimitOptions>;
  readonly bodyLimitBytes?: number;
  /** How long requests in flight may take once closing has begun. */
  readonly closeTimeoutMs?: number;
  /** How long a request may take to arrive. */
  readonly requestTimeoutMs?: number;
}

const maxUrlLength = 8_192;

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
    // Answered by `checkRequest`, as a problem.
    return503OnClosing: false,
    http: { requireHostHeader: false },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    rewriteUrl: rewriteShortPath,
    frameworkErrors: sendProblem,
    clientErrorHandler: answerClientError,
  });
  app.setValidatorCompiler(createValidatorCompiler());
  answerOddRequests(app.server);
  parseBodies(app);
  logRequests(app);
  checkRequests(app);
  handleProblems(app);
  closeSchemas(app);
  await tellBrowsers(app, options.allowedOrigins ?? []);
  await limitRates(app, { ...defaultRateLimits, ...options.rateLimits });
  await describeApi(app);
  exposeHealth(app, options.checks ?? {});
  exposeMetrics(app);
  boundClose(app, options.closeTimeoutMs ?? 10_000);
  return app;
}

/** What is true of every answer, and what is wrong with some requests whatever they ask. */
function checkRequests(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.decorateRequest('principal', null as never);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('request-id', request.id);
    if (closing) throw new Refusal('unavailable', 'This process is closing');
    if (request.raw.url!.length > maxUrlLength) throw new Refusal('uri_too_long');
    if (!isHost(request.headers.host, request.raw.httpVersion)) {
      throw new Refusal('invalid_request', 'The host header must name one host');
    }
  });
  app.addHook('preValidation', async (request) => refuseUnstorableUrl(request));
}

/** RFC 9112: HTTP/1.1 requires it. Its value is never used for anything. */
function isHost(host: string | undefined, httpVersion: string): boolean {
  return host === undefined ? httpVersion === '1.0' : /^[\w.\-:[\]%]{0,255}$/.test(host);
}

/** Closing waits for requests in flight, and not for those that never end. */
function boundClose(app: FastifyInstance, timeoutMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs).unref();
  });
  app.addHook('onClose', async () => clearTimeout(timer));
}
