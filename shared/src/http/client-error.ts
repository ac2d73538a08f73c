import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ProblemCode, problems, Refusal } from '../kernel/refusal.ts';
import { pathOf, problemContentType, toProblem } from './problem.ts';
import { newRequestId, requestIdOf } from './request-id.ts';

/** Answers what the HTTP parser refuses, before there is a request. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(rawProblem(...trouble(error.code)));
  socket.destroy(error);
}

function trouble(code: string | undefined): [ProblemCode, string?] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ['headers_too_large'];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['request_timeout'];
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return ['body_too_large'];
    default:
      return ['invalid_request', 'The request is not valid HTTP'];
  }
}

/** Node answers these two by itself, without a body; here they become problems too. */
export function answerOddRequests(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const id = requestIdOf(request.headers);
    const refusal = new Refusal('invalid_request', 'The expect header can only be 100-continue');
    const body = JSON.stringify(toProblem(refusal, pathOf(request.url ?? '/'), id));
    response.writeHead(400, { 'content-type': problemContentType, 'request-id': id, connection: 'close' }).end(body);
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.end(rawProblem('method_not_allowed', 'This is not a proxy'));
  });
}

function rawProblem(code: ProblemCode, detail?: string): string {
  const id = newRequestId();
  const body = JSON.stringify(toProblem(new Refusal(code, detail), '/', id));
  const { status } = problems[code];
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${problemContentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `request-id: ${id}`,
    ...(status === 405 ? ['allow: GET, POST, PUT, PATCH, DELETE'] : []),
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
