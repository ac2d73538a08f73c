import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problems, Refusal } from '../kernel/refusal.ts';
import { securityHeaders } from './browsers.ts';
import { pathOf, problemContentType, problemHeaders, toProblem } from './problem.ts';
import { describeError, refusalOf } from './refusal-of.ts';
import { logRequest } from './request-line.ts';
import { type DescribedRoutes, watchRoutes } from './routes.ts';
import { missingAccount } from './short-paths.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** Code of the problem that was answered, for the log; empty where none was. */
    problemCode: string;
  }
}

/** Answers whatever is thrown, and whatever matches no route, with a problem of the catalogue. */
export function handleProblems(app: FastifyInstance, elsewhere?: DescribedRoutes): void {
  app.decorateReply('problemCode', '');
  app.setErrorHandler(sendProblem);
  const methodsOf = watchRoutes(app, elsewhere);
  // Before the body is read: a wrong path is a 404 whatever was sent to it.
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const allowed = methodsOf(pathOf(request.url));
    if (allowed.length === 0) return done(missingAccount(request) ?? new Refusal('route_not_found'));
    reply.header('allow', allowed.join(', '));
    done(new Refusal('method_not_allowed', `This route takes ${allowed.join(', ')}`));
  });
  app.setNotFoundHandler(() => {
    throw new Refusal('route_not_found');
  });
}

/** Fastify's error handler. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalOf(error);
  const problem = toProblem(refusal, pathOf(request.originalUrl), request.id);
  reply.problemCode = refusal.code;
  if (problems[refusal.code].status >= 500 && error !== refusal) {
    request.log.error({ error: describeError(error), route: request.routeOptions.url }, 'a request failed');
  }
  reply
    .code(problem.status)
    .headers({ 'request-id': request.id, 'cache-control': 'no-store', ...problemHeaders(refusal) })
    .type(problemContentType)
    .send(JSON.stringify(problem));
}

/** For URLs that cannot even be looked up: no hook of any route runs for them. */
export function sendUnroutable(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(error, request, reply.headers(securityHeaders()));
  logRequest(request, reply);
}
