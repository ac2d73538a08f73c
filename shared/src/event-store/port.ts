import type { DomainEvent, NewEvent, Position, RecordedEvent } from '../kernel/event.ts';

/**
 * The log: append to one stream with an expected revision, read one stream, read or follow everything.
 *
 * Every adapter passes `contract.ts`. What holds for all of them:
 * - an append is whole or not at all, and durable when its promise resolves;
 * - an append that repeats event ids already at that place in that stream succeeds again and changes nothing;
 * - positions grow in the order in which readers see events, and a reader never passes an event that
 *   becomes visible later (see postgres/README.md for why that is not free).
 */
export interface EventStore {
  /**
   * @throws {WrongExpectedRevision} the stream is elsewhere; nothing was written
   * @throws {EventIdTaken} an event id already stands elsewhere, mostly in another stream (only where `uniqueEventIds`)
   * @throws {StoreUnavailable} the outcome may be unknown; retry with the same event ids
   */
  append(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>;

  /** Events of one stream in order, from `fromRevision` on, inclusive. An absent stream is empty. */
  readStream(streamId: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;

  /** The next events after a position, in log order. Never waits for more to come. */
  readAll(options: ReadAllOptions): Promise<LogBatch>;

  /** Endless: batches as they appear, from `after` on. Ends when the signal aborts; heals itself in between. */
  follow(options: FollowOptions): AsyncIterable<LogBatch>;

  /** Resolves when the store answers. @throws {StoreUnavailable} */
  ping(): Promise<void>;

  /** Whether an event id can stand only once in the whole log, not only in its stream. */
  readonly uniqueEventIds: boolean;

  close(): Promise<void>;
}

/** `no_stream`: must not exist yet. A number: revision of its last event. `any`: do not look. */
export type ExpectedRevision = 'no_stream' | 'any' | number;

export interface Appended {
  /** Revision of the last event of this append (of the stream, where nothing was appended). */
  readonly revision: number;
  readonly position: Position;
  /** The events stood there already, under the same ids; what is stored may differ from what was sent. Absent: cannot tell. */
  readonly repeated?: boolean;
}

export interface ReadStreamOptions {
  /** Default: where the direction begins, so 0 or the last. */
  readonly fromRevision?: number;
  readonly maxCount?: number;
  readonly direction?: 'forwards' | 'backwards';
}

export interface ReadAllOptions {
  /** Exclusive. `0n` reads from the beginning. */
  readonly after: Position;
  readonly maxCount: number;
  /** Only events of these wire names; others are skipped but still move `position`. */
  readonly types?: readonly string[];
}

export interface FollowOptions extends ReadAllOptions {
  readonly signal: AbortSignal;
}

export interface LogBatch {
  readonly events: readonly RecordedEvent[];
  /** How far this batch has read: the next `after`. At least the last event's position. */
  readonly position: Position;
  /** True when nothing more was visible at the time of reading. */
  readonly caughtUp: boolean;
}

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  readonly streamId: string;
  readonly expected: ExpectedRevision;

  constructor(streamId: string, expected: ExpectedRevision) {
    super(`${streamId} is not at revision ${expected}`);
    this.streamId = streamId;
    this.expected = expected;
  }
}

export class EventIdTaken extends Error {
  override readonly name = 'EventIdTaken';
  readonly eventId: string;
  /** The event that has the id. */
  readonly existing: RecordedEvent<DomainEvent>;

  constructor(eventId: string, existing: RecordedEvent<DomainEvent>) {
    super(`event id ${eventId} stands in ${existing.streamId}`);
    this.eventId = eventId;
    this.existing = existing;
  }
}

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
