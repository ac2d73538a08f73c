import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

/** What arrived, and what came with the answer. */
export interface Echo {
  readonly side: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bodyBytes: number;
}

export interface Upstream {
  readonly place: string;
  /** How many connections were opened to it. */
  connections(): number;
  /** Whether it says that it is ready. */
  ready: boolean;
  stop(): Promise<void>;
  /** On the same port. */
  restart(): Promise<void>;
}

/** Stands where a service does and answers what it was asked. `/no-answer` hangs up without an answer. */
export async function startUpstream(t: Test, side: string): Promise<Upstream> {
  let opened = 0;
  const server = createServer(async (request, response) => {
    let bodyBytes = 0;
    for await (const chunk of request) bodyBytes += (chunk as Buffer).length;
    const { method = '', url = '', headers } = request;
    if (url.startsWith('/no-answer')) return void request.socket.destroy();
    const echo: Echo = { side, method, url, headers, bodyBytes };
    const status = url === '/health/ready' && !upstream.ready ? 503 : 200;
    response.writeHead(status, {
      'content-type': 'application/json',
      'agentcal-position': '42',
      etag: '"7"',
      'retry-after': '9',
    });
    response.end(JSON.stringify(echo));
  });
  server.on('connection', () => {
    opened += 1;
  });
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const close = () => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    return closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = {
    place: `127.0.0.1:${port}`,
    connections: () => opened,
    ready: true,
    stop: close,
    restart: () => listen(port),
  };
  t.teardown(() => (server.listening ? close() : undefined));
  return upstream;
}
