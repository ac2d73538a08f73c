import type { EventStore } from '@agentcal/shared/event-store/port';
import type { RecordedEvent } from '@agentcal/shared/kernel/event';

/** Like EventStoreDB in what matters here: an event id counts at its place in its stream only; repeats are not told. */
export function withLocalIds(store: EventStore): EventStore {
  return {
    ...store,
    uniqueEventIds: false,
    append: async (streamId, expected, events) => {
      const local = events.map((event) => ({ ...event, id: `${streamId}@${expected} ${event.id}` }));
      const { revision, position } = await store.append(streamId, expected, local);
      return { revision, position };
    },
    async *readStream(...args) {
      for await (const event of store.readStream(...args)) yield withoutPlace(event);
    },
    readAll: async (options) => {
      const batch = await store.readAll(options);
      return { ...batch, events: batch.events.map(withoutPlace) };
    },
  };
}

function withoutPlace(event: RecordedEvent): RecordedEvent {
  return { ...event, id: event.id.slice(event.id.indexOf(' ') + 1) };
}
