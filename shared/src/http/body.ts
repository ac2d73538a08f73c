import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';
import { escapeStep } from './faults.ts';

/** Deeper than any documented shape, and shallow enough for every recursive function that follows. */
const maxDepth = 32;

/**
 * Reads JSON bodies and nothing else. An empty body is an absent one. What no store can keep (NUL, half a
 * surrogate pair) and what no shape needs (`__proto__`, endless nesting) is refused here, once for all.
 */
export function parseBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding !== 'identity') return done(new Refusal('unsupported_media_type', 'The body must not be compressed'));
    if (!isUtf8(body)) return done(new Refusal('invalid_json', 'The body is not valid UTF-8'));
    parseJson(request, body.toString(), (error, value) => {
      if (error) return done(error);
      try {
        refuseUnstorable(value, '/body');
        done(null, value);
      } catch (refusal) {
        done(refusal as Refusal);
      }
    });
  });
  // An empty body has no type to be wrong about.
  app.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    done(new Refusal('unsupported_media_type', 'Only application/json is read here'));
  });
}

/** The same for what arrives in the URL. */
export function refuseUnstorableUrl({ params, query }: FastifyRequest): void {
  refuseUnstorable(params, '/path');
  refuseUnstorable(query, '/query');
}

function refuseUnstorable(value: unknown, pointer: string, depth = 0): void {
  if (typeof value === 'string') refuseUnstorableText(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  if (depth === maxDepth) refuse(pointer, `is nested deeper than ${maxDepth} levels`);
  for (const [key, item] of Object.entries(value)) {
    refuseUnstorableText(key, pointer);
    if (typeof item !== 'number') refuseUnstorable(item, `${pointer}/${escapeStep(key)}`, depth + 1);
  }
}

function refuseUnstorableText(text: string, pointer: string): void {
  if (text.includes('\0')) refuse(pointer, 'contains a NUL character');
  if (!text.isWellFormed()) refuse(pointer, 'contains half of a surrogate pair');
}

function refuse(pointer: string, detail: string): never {
  throw new Refusal('invalid_request', `${pointer} ${detail}`, { errors: [{ pointer, detail }] });
}
