import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** One line per request. Never a body, a token, an address or a value of a query. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply);
    done();
  });
}

export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const line = {
    method: request.method,
    route: request.routeOptions.url ?? 'none',
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    key_id: request.principal?.keyId,
    code: reply.problemCode || undefined,
  };
  request.log.info(line, 'request');
}
