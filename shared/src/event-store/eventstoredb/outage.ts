import type { NewEvent } from '../../kernel/event.ts';
import { type Appended, type EventStore, type ExpectedRevision, StoreUnavailable } from '../port.ts';
import { backOff } from './patience.ts';

/** For tests: what a careful caller does. The same ids again and again, until the outcome is known. */
export async function appendUntilKnown(
  store: EventStore,
  streamId: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<Appended> {
  const { signal } = new AbortController();
  for (let failures = 0; ; failures++) {
    try {
      return await store.append(streamId, expected, events);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await backOff(failures, signal);
    }
  }
}
