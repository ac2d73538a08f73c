import type { DomainEvent } from './event.ts';

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
  readonly evolve: (state: State, event: Event) => State;
}

/** A request to change one stream. `data` is internal: routes translate the wire's shape into it. */
export interface Command<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}
