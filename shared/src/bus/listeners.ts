import type { Messages, Topic } from './port.ts';

export type Listener<T extends Topic> = (message: Messages[T]) => void;

/** Hears of what a listener threw, and of messages that make no sense. Nothing else comes of it. */
export type Report = (error: unknown) => void;

export const warn: Report = (error) => process.emitWarning(error instanceof Error ? error : String(error));

/** Who listens to what in this process. Every subscription is its own, also of the same function. */
export function createListeners(report: Report) {
  const byTopic = new Map<Topic, Set<{ readonly listener: (message: never) => void }>>();
  return {
    topics: (): Topic[] => [...byTopic.keys()],

    add<T extends Topic>(topic: T, listener: Listener<T>): () => void {
      const subscription = { listener };
      const subscriptions = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, subscriptions.add(subscription));
      return () => {
        subscriptions.delete(subscription);
        if (subscriptions.size === 0 && byTopic.get(topic) === subscriptions) byTopic.delete(topic);
      };
    },

    tell<T extends Topic>(topic: T, message: Messages[T]): void {
      for (const { listener } of byTopic.get(topic) ?? []) {
        try {
          (listener as Listener<T>)(message);
        } catch (error) {
          report(error);
        }
      }
    },

    clear: (): void => byTopic.clear(),
  };
}
