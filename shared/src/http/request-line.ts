import type { FastifyInstance } from 'fastify';

/** One line per request. Never a body, a token, an address or a value of a query. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      key_id: request.principal?.keyId,
      code: reply.problemCode || undefined,
    };
    reply.log.info(line, 'request');
    done();
  });
}
