import { withoutUniqueIds } from '@agentcal/shared/event-store/local-ids';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { type EventStore, StoreUnavailable } from '@agentcal/shared/event-store/port';

/** What can go wrong with one append. `late`: the caller is told that it failed, and it is written afterwards. */
export type Fault = 'none' | 'not sent' | 'answer lost' | 'late';

/**
 * A log that is reached over a bad line, for tests. Every step waits its turn, so that whoever holds `turn` decides
 * in which order the steps of concurrent callers happen.
 */
export function createFaultyStore(
  turn: (what: string) => Promise<void>,
  nextFault: () => Fault,
  unique: boolean,
): EventStore {
  const memory = unique ? createMemoryEventStore() : withoutUniqueIds(createMemoryEventStore());
  return {
    ...memory,
    append: async (streamId, expected, events) => {
      const fault = nextFault();
      await turn(`append to ${streamId}: ${fault}`);
      if (fault === 'late') {
        void turn('late append').then(() => memory.append(streamId, expected, events).catch(() => {}));
      }
      if (fault === 'late' || fault === 'not sent') throw new StoreUnavailable(fault);
      const appended = await memory.append(streamId, expected, events);
      await turn('answer');
      if (fault === 'answer lost') throw new StoreUnavailable(fault);
      return appended;
    },
    async *readStream(streamId, options) {
      await turn(`read ${streamId}`);
      for await (const event of memory.readStream(streamId, options)) {
        yield event;
        await turn('next event');
      }
    },
  };
}
