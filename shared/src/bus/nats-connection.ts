import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionOptions, connect, Events, type NatsConnection, type Subscription } from 'nats';
import type { Report } from './listeners.ts';

export interface Use {
  readonly report: Report;
  /** What is listened to now. */
  readonly subjects: () => readonly string[];
  readonly receive: (subject: string, payload: unknown) => void;
}

export interface Connection {
  /** Dropped while there is no server. Never throws. */
  publish(subject: string, text: string): void;
  /** Brings the server's subscriptions in line with `subjects()`. */
  follow(): void;
  /** Sends what is under way, hands over what has arrived, and closes. */
  close(): Promise<void>;
}

const retryMs = 500;
/** A server that does not even take a drain is left after this time. */
const drainMs = 2_000;

/**
 * One connection that is always on its way back. The client reconnects by itself and keeps its subscriptions;
 * where it gives up for good (the first attempt, a refused sign-in), a new one takes its place.
 */
export async function keepConnected(url: string, use: Use): Promise<Connection> {
  const options = optionsFrom(url);
  const closing = new AbortController();
  let current: NatsConnection | undefined;
  let online = false;
  let subscriptions = new Map<string, Subscription>();

  async function start(): Promise<void> {
    try {
      current = await connect(options);
    } catch (error) {
      use.report(new Error('NATS does not answer; it is tried again until it does', { cause: error }));
      void restartLater();
      return;
    }
    if (closing.signal.aborted) return current.close();
    online = true;
    subscriptions = new Map();
    follow();
    void watch(current);
    void current.closed().then(restartLater);
  }

  async function restartLater(): Promise<void> {
    online = false;
    await delay(retryMs, undefined, { signal: closing.signal }).then(start, () => {});
  }

  async function watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === Events.Disconnect && !closing.signal.aborted) {
        online = false;
        use.report(new Error('the connection to NATS is lost; it is tried again until there is one'));
      }
      if (type === Events.Reconnect) online = true;
    }
  }

  function follow(): void {
    if (!current || current.isClosed() || current.isDraining()) return;
    const wanted = new Set(use.subjects());
    for (const [subject, subscription] of subscriptions) {
      if (wanted.has(subject)) continue;
      subscription.unsubscribe();
      subscriptions.delete(subject);
    }
    for (const subject of wanted) {
      if (!subscriptions.has(subject)) subscriptions.set(subject, current.subscribe(subject, { callback: receive }));
    }
  }

  function receive(error: Error | null, message: { subject: string; json(): unknown }): void {
    try {
      if (error) throw error;
      use.receive(message.subject, message.json());
    } catch (cause) {
      use.report(new Error('a message on the bus could not be read', { cause }));
    }
  }

  await start();
  return {
    follow,
    publish(subject, text) {
      if (!online) return;
      try {
        current?.publish(subject, text);
      } catch (error) {
        use.report(error);
      }
    },
    async close() {
      closing.abort();
      if (online) await Promise.race([current?.drain(), delay(drainMs, undefined, { ref: false })]).catch(use.report);
      online = false;
      await current?.close();
    },
  };
}

/** The client takes credentials beside the addresses, not within them. */
function optionsFrom(urls: string): ConnectionOptions {
  const servers = urls.split(',').map((url) => new URL(url.trim()));
  const { protocol, username, password } = servers[0]!;
  const [name, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: servers.map(({ host }) => host),
    ...(protocol === 'tls:' && { tls: {} }),
    ...(secret ? { user: name, pass: secret } : name ? { token: name } : {}),
    name: 'agentcal',
    timeout: 2_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: retryMs,
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
  };
}
