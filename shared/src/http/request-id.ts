import type { IncomingHttpHeaders } from 'node:http';
import { randomBytes } from '../kernel/random.ts';

/** What a caller may send as its own request id: nothing that could break a log line or a header. */
const sane = /^[\w.:-]{1,128}$/;

/** The caller's `Request-Id` where it is sane, else a fresh one. It names the request in answers, logs and events. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const incoming = headers['request-id'];
  return typeof incoming === 'string' && sane.test(incoming) ? incoming : newRequestId();
}

export function newRequestId(): string {
  return `req_${randomBytes(16).toString('hex')}`;
}
