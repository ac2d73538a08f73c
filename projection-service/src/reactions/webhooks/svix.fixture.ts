import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

export const token = 'testsk_a-token';

interface Application {
  readonly endpoint?: { readonly uid: string; readonly url: string; readonly secret: string };
  readonly messages: readonly { readonly eventId: string; readonly eventType: string; readonly payload: unknown }[];
}

/**
 * A double of the Svix API, not Svix: the four routes that are called, in memory, with the statuses that
 * svix-server's source gives. It sends nothing to anybody.
 */
export async function svixDouble(t: Test) {
  const applications = new Map<string, Application>();
  const requests: string[] = [];
  const faults: number[] = [];
  const eventIds = new Set<string>();
  let beforeApplication = async () => {};

  async function answer(request: IncomingMessage): Promise<[status: number, body?: object]> {
    const { pathname, searchParams } = new URL(request.url!, 'http://svix');
    requests.push(`${request.method} ${pathname}`);
    const body = JSON.parse((await textOf(request)) || '{}');
    if (request.headers.authorization !== `Bearer ${token}`) return [401, { code: 'authentication_failed' }];
    const fault = faults.shift();
    if (fault) return [fault, { code: 'server_error' }];
    const [api, version, app, uid, part] = pathname.slice(1).split('/');
    if (`${api}/${version}/${app}` !== 'api/v1/app') return [404];

    if (request.method === 'POST' && uid === undefined) {
      await beforeApplication();
      if (applications.has(body.uid)) return searchParams.get('get_if_exists') === 'true' ? [200, body] : [409, {}];
      applications.set(body.uid, { messages: [] });
      return [201, body];
    }
    const application = applications.get(uid!);
    if (!application) return [404, { code: 'not_found' }];
    if (request.method === 'DELETE' && part === undefined) {
      applications.delete(uid!);
      return [204];
    }
    if (request.method === 'POST' && part === 'endpoint') {
      if (application.endpoint?.uid === body.uid) return [409, { code: 'conflict' }];
      applications.set(uid!, { ...application, endpoint: body });
      return [201, body];
    }
    if (request.method === 'POST' && part === 'msg') {
      if (eventIds.has(body.eventId)) return [409, { code: 'conflict' }];
      eventIds.add(body.eventId);
      applications.set(uid!, { ...application, messages: [...application.messages, body] });
      return [202, body];
    }
    return [405, {}];
  }

  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    applications,
    requests,
    failWith: (...statuses: number[]) => void faults.push(...statuses),
    beforeApplication: (run: () => Promise<void>) => {
      beforeApplication = run;
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
