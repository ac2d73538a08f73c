import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/**
 * Gives every answer an ETag: where a route has not set the revision of what it shows, a weak one of the text itself.
 * Who has it already gets a 304 without a body.
 */
export function tagAnswers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode !== 200 || !(typeof payload === 'string' || Buffer.isBuffer(payload)))
      return done(null, payload);
    if (!reply.hasHeader('etag')) reply.header('etag', `W/"${tagOf(payload)}"`);
    const known = request.headers['if-none-match'];
    if (known === undefined || !matches(known, String(reply.getHeader('etag')))) return done(null, payload);
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    done(null, '');
  });
}

/** Long answers are lists, where the hash would cost as much as making them. */
const longLength = 8_192;

function tagOf(text: string | Buffer): string {
  if (text.length < longLength) return hash('sha1', text, 'base64url');
  return `${text.length.toString(36)}-${crc32(text).toString(36)}`;
}

/** RFC 9110: compared weakly. */
function matches(known: string, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => bare(tag) === bare(etag));
}
