import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';
import { refuseUnstorableUrl } from './body.ts';
import { securityHeaders } from './browsers.ts';

const maxUrlLength = 8_192;
/** RFC 3986 without user names. Its value is never used for anything. */
const host = /^[\w.\-:[\]%]{0,255}$/;

/**
 * What is true of every answer, and what is wrong with some requests whatever they ask. These hooks run for
 * every request, so they are the kind that takes a callback: a promise each would cost more than their work.
 */
export function checkRequests(app: FastifyInstance): void {
  const headers = securityHeaders();
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.decorateRequest('principal', null as never);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('request-id', request.id);
    done(closing ? new Refusal('unavailable', 'This process is closing') : faultOf(request));
  });
  app.addHook('preValidation', (request, _reply, done) => {
    try {
      refuseUnstorableUrl(request);
      done();
    } catch (refusal) {
      done(refusal as Refusal);
    }
  });
}

function faultOf({ raw, headers }: FastifyRequest): Refusal | undefined {
  if (raw.url!.length > maxUrlLength) return new Refusal('uri_too_long');
  const named = headers.host === undefined ? raw.httpVersion === '1.0' : host.test(headers.host);
  return named ? undefined : new Refusal('invalid_request', 'The host header must name one host');
}
