import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/**
 * Gives every answer an ETag: where a route has not set the revision of what it shows, a weak one of the text itself.
 * Who has it already gets a 304 without a body.
 */
export function tagAnswers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode !== 200 || typeof payload !== 'string') return done(null, payload);
    if (!reply.hasHeader('etag')) reply.header('etag', `W/"${hash('sha1', payload, 'base64url')}"`);
    const known = request.headers['if-none-match'];
    if (known === undefined || !matches(known, String(reply.getHeader('etag')))) return done(null, payload);
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    done(null, '');
  });
}

/** RFC 9110: compared weakly. */
function matches(known: string, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => bare(tag) === bare(etag));
}
