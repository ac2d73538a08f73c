import { createListeners, type Report, warn } from './listeners.ts';
import { keepConnected } from './nats-connection.ts';
import type { Bus, Topic } from './port.ts';

export interface NatsOptions {
  /** `nats://host:port` or `tls://…`, several separated by commas; `user:password@` or `token@` before the first host. */
  readonly url: string;
  /** Subjects are `<prefix>.<topic>`: deployments that share a server keep apart by it. */
  readonly prefix?: string;
  readonly report?: Report;
}

/**
 * The bus of several processes, over NATS core: best effort, nothing is kept. While the server is away messages
 * are dropped, not queued: they are wake-ups, and a late one is worth no more than the next poll.
 *
 * Answered when the first attempt to connect is over. A server that is away is waited for in the background, for
 * the product works without it.
 *
 * @throws {TypeError} the URL cannot be one
 */
export async function connectNats({ url, prefix = 'agentcal', report = warn }: NatsOptions): Promise<Bus> {
  const listeners = createListeners(report);
  const subjectOf = (topic: Topic) => `${prefix}.${topic}`;
  const connection = await keepConnected(url, {
    report,
    subjects: () => listeners.topics().map(subjectOf),
    receive(subject, payload) {
      listeners.tell(subject.slice(prefix.length + 1) as Topic, payload as never);
    },
  });
  return {
    publish: (topic, message) => connection.publish(subjectOf(topic), JSON.stringify(message)),
    subscribe(topic, listener) {
      const unsubscribe = listeners.add(topic, listener);
      connection.follow();
      return () => {
        unsubscribe();
        connection.follow();
      };
    },
    async close() {
      await connection.close();
      listeners.clear();
    },
  };
}
