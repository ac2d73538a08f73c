import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A stretch of network between a client and a server, to be broken on purpose. */
export interface Relay {
  readonly port: number;
  /** Where new connections lead. A server that came back on another port is found under the old address. */
  target: URL;
  /** From now on what the server says is lost on its way, until the next `cut`. */
  dropAnswers(): void;
  /** Breaks every connection; new ones are as good as ever. */
  cut(): void;
  /** Breaks every new connection too, until `accept`. */
  refuse(): void;
  accept(): void;
  close(): Promise<void>;
}

export async function startRelay(target: URL): Promise<Relay> {
  const sockets = new Set<Socket>();
  let refusing = false;
  let dropping = false;
  const server = createServer((client) => {
    if (refusing) return client.destroy();
    const upstream = connect(Number(relay.target.port), relay.target.hostname);
    const ends: [Socket, Socket][] = [
      [client, upstream],
      [upstream, client],
    ];
    for (const [from, to] of ends) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (!(dropping && from === upstream)) to.write(chunk);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relay: Relay = {
    port: (server.address() as AddressInfo).port,
    target,
    dropAnswers() {
      dropping = true;
    },
    cut() {
      dropping = false;
      for (const socket of sockets) socket.destroy();
    },
    refuse() {
      refusing = true;
    },
    accept() {
      refusing = false;
    },
    async close() {
      relay.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}
