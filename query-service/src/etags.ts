import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/**
 * Gives every answer an ETag: where a route has not set the revision of what it shows, a weak one of the text itself.
 * Who has it already gets a 304 without a body.
 */
export function tagAnswers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode !== 200 || typeof payload !== 'string') return done(null, payload);
    // Encoded once, for the tag and for the wire.
    const bytes = Buffer.from(payload);
    if (!reply.hasHeader('etag')) reply.header('etag', `W/"${tagOf(bytes)}"`);
    const known = request.headers['if-none-match'];
    if (known === undefined || !matches(known, String(reply.getHeader('etag')))) return done(null, bytes);
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    done(null, '');
  });
}

/** Long answers are lists, where the hash would cost as much as making them. */
const longBytes = 8_192;

function tagOf(bytes: Buffer): string {
  if (bytes.length < longBytes) return hash('sha1', bytes, 'base64url');
  return `${bytes.length.toString(36)}-${crc32(bytes).toString(36)}`;
}

/** RFC 9110: compared weakly. */
function matches(known: string, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => bare(tag) === bare(etag));
}
