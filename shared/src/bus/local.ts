import { createListeners, type Report, warn } from './listeners.ts';
import type { Bus } from './port.ts';

/** The bus of one process. Listeners run after the publisher's turn, in the order of publishing. */
export function createLocalBus({ report = warn }: { report?: Report } = {}): Bus {
  const listeners = createListeners(report);
  return {
    publish(topic, message) {
      const copy = { ...message };
      queueMicrotask(() => listeners.tell(topic, copy));
    },
    subscribe: listeners.add,
    close: async () => listeners.clear(),
  };
}
