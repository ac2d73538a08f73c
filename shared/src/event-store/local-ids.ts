import type { RecordedEvent } from '../kernel/event.ts';
import type { EventStore } from './port.ts';

/** Like EventStoreDB in what matters here: an event id counts at its place in its stream only, and a repeat is not told. */
export function withoutUniqueIds(store: EventStore): EventStore {
  return {
    ...store,
    uniqueEventIds: false,
    append: async (streamId, expected, events) => {
      const local = events.map((event) => ({ ...event, id: `${streamId}@${expected} ${event.id}` }));
      const { revision, position } = await store.append(streamId, expected, local);
      return { revision, position };
    },
    async *readStream(...args) {
      for await (const event of store.readStream(...args)) yield withLocalId(event);
    },
    readAll: async (options) => {
      const batch = await store.readAll(options);
      return { ...batch, events: batch.events.map(withLocalId) };
    },
  };
}

function withLocalId(event: RecordedEvent): RecordedEvent {
  return { ...event, id: event.id.slice(event.id.indexOf(' ') + 1) };
}
