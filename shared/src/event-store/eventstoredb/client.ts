import type { EventStoreDBClient } from '@eventstore/db-client';

/** A client of the family and the way to let go of it. */
export interface OpenClient {
  readonly client: EventStoreDBClient;
  close(): Promise<void>;
}

/** How long discovery waits for one node of a cluster. Shorter than a call may take, so that another is asked. */
const gossipTimeoutSeconds = 2;
/** The client's own default. */
const keepAliveTimeoutMs = 10_000;
/** Clients opened by this process. */
let opened = 0;

let loading: Promise<typeof import('@eventstore/db-client')> | undefined;

/**
 * Loads the client, once for the process. Its messages live in a global namespace that every package of
 * the family writes to, so a second package in this process would corrupt both: that is refused here.
 */
export function loadClient(): Promise<typeof import('@eventstore/db-client')> {
  const { proto } = globalThis as { proto?: { event_store?: unknown } };
  if (!loading && proto?.event_store) throw new Error('another client of the EventStoreDB family is in this process');
  loading ??= import('@eventstore/db-client');
  return loading;
}

/** @throws {Error} the connection string is malformed; it is never quoted, for it may hold a password */
export function openClient({ EventStoreDBClient }: Awaited<ReturnType<typeof loadClient>>, url: string): OpenClient {
  let client: EventStoreDBClient;
  try {
    client = EventStoreDBClient.connectionString(withSettings(url));
  } catch {
    throw new Error('the connection string of the event store is malformed');
  }
  const internals = client as unknown as Internals;
  appendOneByOne(internals);
  const channels = rememberChannels(internals);
  return {
    client,
    async close() {
      await client.dispose();
      for (const channel of channels) channel.close();
    },
  };
}

/** What the client keeps to itself in 6.2.1 and cannot be had otherwise. The version is pinned for it. */
interface Internals {
  supports: (method: unknown, feature?: string) => Promise<boolean>;
  createChannel: () => Promise<{ close(): void }>;
}

/**
 * Every append as a call of its own. The client would put all of them on one stream, and keep those in
 * flight in one map for the whole process: an error on any stream rejects the appends of every other, and
 * the answer that comes after all finds no entry and throws where nobody can catch it.
 */
function appendOneByOne(internals: Internals): void {
  internals.supports = async () => false;
}

/** Disposing of a client leaves its connections open: they are closed from here. */
function rememberChannels(internals: Internals): ReadonlySet<{ close(): void }> {
  const channels = new Set<{ close(): void }>();
  const create = internals.createChannel;
  internals.createChannel = async () => {
    const channel = await create();
    channels.add(channel);
    return channel;
  };
  return channels;
}

/**
 * Connections are shared between channels that are configured alike, so a new client would get the hung
 * connection of the old one: a millisecond of difference keeps them apart.
 */
function withSettings(url: string): string {
  const [hosts, query] = url.split('?');
  const wanted = Number(/keep[-_]?alive[-_]?timeout=(-?\d+)/i.exec(query ?? '')?.[1] ?? keepAliveTimeoutMs);
  opened += 1;
  const settings = [`gossipTimeout=${gossipTimeoutSeconds}`, ...(query ? [query] : [])];
  if (wanted >= 0) settings.push(`keepAliveTimeout=${wanted + (opened % 1_000)}`);
  return `${hosts}?${settings.join('&')}`;
}
