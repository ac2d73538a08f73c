import type { FastifyReply } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';

/** A thing's ETag is the revision of its stream: it changes with every event and with nothing else. */
export function setEtag(reply: FastifyReply, revision: number): void {
  reply.header('etag', `"${revision}"`);
}

/**
 * The revision that `If-Match` asks for; absent without the header or with `*`. A tag that is not one of
 * ours answers -1, which no thing has.
 */
export function ifMatch(request: { readonly headers: object }): number | undefined {
  const text = (request.headers as Record<string, unknown>)['if-match'];
  if (text === undefined || text === '*') return undefined;
  const tag = /^(?:W\/)?"([\x21\x23-\x7e]{0,64})"$/.exec(String(text));
  if (!tag) throw malformed();
  return /^\d{1,15}$/.test(tag[1]!) ? Number(tag[1]) : -1;
}

/** @throws {Refusal} `revision_conflict` where the thing has changed since the caller read it */
export function requireMatch(request: { readonly headers: object }, revision: number): void {
  const asked = ifMatch(request);
  if (asked !== undefined && asked !== revision) throw new Refusal('revision_conflict');
}

function malformed(): Refusal {
  const fault = { pointer: '/headers/if-match', detail: 'must be * or one ETag, such as "3"' };
  return new Refusal('invalid_request', `${fault.pointer} ${fault.detail}`, { errors: [fault] });
}
