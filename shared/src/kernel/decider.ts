import type { DomainEvent, EventMetadata } from './event.ts';

/**
 * One aggregate, as three pure things.
 *
 * `decide` answers the events that a command leads to, an empty list for a quiet repeat, or throws a
 * `Refusal`. `evolve` folds an event into the state and never fails: what is in the log has happened.
 * Clock, ids and randomness arrive inside the command.
 */
export interface Decider<Command, State, Event extends DomainEvent> {
  readonly initial: State;
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: FoldedEvent<Event>) => State;
}

/** An event while it is folded: it knows its place in its stream and when it happened. A new event does not yet. */
export type FoldedEvent<E extends DomainEvent> = E & {
  readonly revision: number;
  readonly metadata: Pick<EventMetadata, 'occurred_at'>;
};

/** A request to change one stream. `data` is internal: routes translate the wire's shape into it. */
export interface Command<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}
