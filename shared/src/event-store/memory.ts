import type { NewEvent, RecordedEvent } from '../kernel/event.ts';
import { type Clock, systemClock } from '../kernel/time.ts';
import { createDoorbell, followByReading } from './follow.ts';
import {
  type Appended,
  EventIdTaken,
  type EventStore,
  type ExpectedRevision,
  type LogBatch,
  type ReadAllOptions,
  type ReadStreamOptions,
  StoreUnavailable,
  WrongExpectedRevision,
} from './port.ts';

/**
 * The log of one process, gone with it. For pure tests and the simulation.
 *
 * Deterministic: an append is judged and written before its call returns, nothing waits on a timer, and
 * positions count from 1 without holes. `clock` only dates `recordedAt`.
 */
export function createMemoryEventStore({ clock = systemClock }: { clock?: Clock } = {}): EventStore {
  const log: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const byId = new Map<string, RecordedEvent>();
  const closing = new AbortController();
  const doorbell = createDoorbell();

  function append(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Appended {
    if (closing.signal.aborted) throw new StoreUnavailable('the store is closed');
    const stream = streams.get(streamId) ?? [];
    const repeated = findRepeat(stream, expected, events);
    if (repeated) return { ...appendedAt(repeated), repeated: true };
    if (expected !== 'any' && stream.length !== (expected === 'no_stream' ? 0 : expected + 1)) {
      throw new WrongExpectedRevision(streamId, expected);
    }
    for (const { id } of events) {
      const existing = byId.get(id);
      if (existing) throw new EventIdTaken(id, existing);
    }
    if (new Set(events.map(({ id }) => id)).size < events.length) {
      throw new Error(`an event id repeats within one append to ${streamId}`);
    }
    const recordedAt = new Date(clock.now()).toISOString();
    for (const event of events) {
      const place = { streamId, revision: stream.length, position: BigInt(log.length + 1), recordedAt };
      const recorded: RecordedEvent = Object.freeze({ ...frozenCopy(event), ...place });
      stream.push(recorded);
      log.push(recorded);
      byId.set(recorded.id, recorded);
    }
    if (events.length === 0) return appendedAt(stream.at(-1));
    streams.set(streamId, stream);
    doorbell.ring();
    return { ...appendedAt(stream.at(-1)), repeated: false };
  }

  function readAll({ after, maxCount, types }: ReadAllOptions): LogBatch {
    const events: RecordedEvent[] = [];
    let position = after;
    for (let at = Number(after); at < log.length; at++) {
      const event = log[at]!;
      if (events.length === maxCount) return { events, position, caughtUp: false };
      position = event.position;
      if (!types || types.includes(event.type)) events.push(event);
    }
    return { events, position, caughtUp: true };
  }

  return {
    uniqueEventIds: true,
    append: async (streamId, expected, events) => append(streamId, expected, events),
    readAll: async (options) => readAll(options),
    readStream: (streamId, options) => cut(streams.get(streamId) ?? [], options),
    follow: (options) =>
      followByReading(
        { doorbell, readAll: async (reading) => readAll(reading) },
        { ...options, signal: AbortSignal.any([options.signal, closing.signal]) },
      ),
    ping: async () => {},
    close: async () => closing.abort(),
  };
}

/** The last event of an earlier append of the same ids at the place where this one would stand. */
function findRepeat(
  stream: readonly RecordedEvent[],
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): RecordedEvent | undefined {
  if (events.length === 0) return undefined;
  const first =
    expected === 'any'
      ? stream.findIndex(({ id }) => id === events[0]?.id)
      : expected === 'no_stream'
        ? 0
        : expected + 1;
  if (first < 0 || !events.every(({ id }, index) => stream[first + index]?.id === id)) return undefined;
  return stream[first + events.length - 1];
}

function appendedAt(last: RecordedEvent | undefined): Appended {
  return { revision: last?.revision ?? -1, position: last?.position ?? 0n };
}

async function* cut(
  stream: readonly RecordedEvent[],
  { fromRevision, maxCount = Number.POSITIVE_INFINITY, direction = 'forwards' }: ReadStreamOptions = {},
): AsyncIterable<RecordedEvent> {
  const backwards = direction === 'backwards';
  const from = fromRevision ?? (backwards ? stream.length - 1 : 0);
  const events = backwards ? stream.slice(0, from + 1).reverse() : stream.slice(from);
  yield* events.slice(0, maxCount);
}

/** What JSON keeps of an event, out of everybody's reach: stores that serialise do no better. */
function frozenCopy({ id, type, data, metadata }: NewEvent): NewEvent {
  return deepFreeze(JSON.parse(JSON.stringify({ id, type, data, metadata })));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
