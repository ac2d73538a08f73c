import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { Command, Decider } from '@agentcal/shared/kernel/decider';
import type { DomainEvent, NewEvent, Position } from '@agentcal/shared/kernel/event';

/** The one way in which anything changes: a command, judged against one stream, appended with an expected revision. */
export interface Executor {
  /**
   * Resolves once the events are durable. Safe to send again with the same command id: whatever became of
   * the first attempt, the command happens once, and a repeat is answered with its original events.
   *
   * A caller that stops waiting changes nothing: all events of a command are one append, whole or not at all.
   *
   * @throws {Refusal} the decider's own, `idempotency_key_reused`, `revision_conflict`, `too_much_contention` or
   *   `unavailable`. After `unavailable` the outcome may be unknown until the command is sent again.
   */
  execute<C extends Command, S, E extends DomainEvent>(
    aggregate: Aggregate<C, S, E>,
    id: string,
    command: NoInfer<C>,
    context: CommandContext,
    options?: ExecuteOptions,
  ): Promise<Executed<S, E>>;

  /** The state of a stream, at most about a second old; `initial` at revision -1 where there is none. */
  load<C extends Command, S, E extends DomainEvent>(
    aggregate: Aggregate<C, S, E>,
    id: string,
    options?: LoadOptions,
  ): Promise<Loaded<S>>;

  /** Stops listening to the bus. What is under way still ends well. */
  close(): void;
}

/**
 * A decider with the name of its streams: the events of one thing are in `{category}-{id}`.
 *
 * Its `evolve` answers a new state and leaves the old one alone: states are cached and shared.
 */
export interface Aggregate<C extends Command, S, E extends DomainEvent> extends Decider<C, S, E> {
  readonly category: string;
  /** Roughly how many small objects a state holds, so that the cache can count memory. Default 1. */
  readonly weigh?: (state: S) => number;
  /** Where streams grow long: `state` is plain data, and a cold fold begins with a snapshot of it. */
  readonly snapshots?: SnapshotPolicy;
}

/** That an aggregate's streams are worth snapshots. */
export interface SnapshotPolicy {
  /** Another number wherever the same events may come to another state, in shape or in content. */
  readonly version: number;
  /** How many events a cold fold may have to read. */
  readonly everyEvents: number;
}

export interface ExecuteOptions {
  /** From `If-Match`: refused with `revision_conflict` unless the stream is at this revision. */
  readonly ifRevision?: number | undefined;
}

export interface LoadOptions {
  /** Read the store, whatever is cached. */
  readonly fresh?: boolean;
}

export interface Loaded<S> {
  readonly state: S;
  /** Of the last event; -1 where there is none. */
  readonly revision: number;
  readonly position: Position;
}

export interface Executed<S, E extends DomainEvent> extends Loaded<S> {
  /**
   * What the command led to, first or now. Empty where it changed nothing. Answers built from these are the
   * same for a repeat; `state` is the present one, whatever happened since.
   */
  readonly events: readonly CommittedEvent<E>[];
  /** The command was in the log before; `revision` and `position` are those of its own last event. */
  readonly repeated: boolean;
}

/** An event that is in the log, with what its writer knows of it. */
export type CommittedEvent<E extends DomainEvent = DomainEvent> = E extends DomainEvent
  ? NewEvent<E> & {
      readonly type: E['type'];
      readonly data: E['data'];
      readonly streamId: string;
      readonly revision: number;
    }
  : never;
