import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Test } from 'tap';

export interface Received {
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly raw: string;
  readonly event: { readonly type: string; readonly subject: string; readonly data: Record<string, unknown> };
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
}

/** A customer's server that takes webhooks and says 204 to each. */
export async function webhookReceiver(t: Test): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let raw = '';
    for await (const chunk of request) raw += chunk;
    received.push({
      id: String(request.headers['webhook-id']),
      headers: request.headers as Record<string, string>,
      raw,
      event: JSON.parse(raw),
    });
    response.writeHead(204).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

/** What the receiver's developer does with the public library. @throws where the signature is not right. */
export function verified(secret: string, { raw, headers }: Received): unknown {
  return new Webhook(secret).verify(raw, headers);
}
