import type { Command, Decider, FoldedEvent } from '../kernel/decider.ts';
import type { DomainEvent } from '../kernel/event.ts';
import { type ProblemCode, Refusal } from '../kernel/refusal.ts';

/**
 * A decider's tests, told as stories: given what happened, when this is asked, then that follows.
 *
 *     const given = scenario(booking);
 *     given(t, placed()).when(cancel()).then(cancelled());     the right event
 *     given(t, placed()).when(cancel()).thenRefused('gone');   a firm refusal
 *     given(t, cancelled()).when(cancel()).thenNothing();      a quiet repeat
 *
 * The state is frozen all the way down, so a decider that writes to what it was given fails here.
 */
export function scenario<C extends Command, S, E extends DomainEvent>(decider: Decider<C, S, E>) {
  return (t: Assertions, ...history: readonly NoInfer<E>[]): Given<C, S, E> => {
    const fold = (events: readonly E[]) =>
      events.reduce<S>(
        (state, event, revision) => freeze(decider.evolve(state, placed(event, revision))),
        freeze(decider.initial),
      );
    const state = fold(history);
    return {
      when: (command) => {
        const outcome = judge(() => decider.decide(freeze(command), state));
        return {
          // biome-ignore lint/suspicious/noThenProperty: it reads as the story does, and nobody awaits a story.
          then: (...events) => {
            t.same(outcome, { events }, `${command.type} leads to ${events.map(({ type }) => type).join(', ')}`);
            return fold([...history, ...events]);
          },
          thenNothing: () => t.same(outcome, { events: [] }, `${command.type} changes nothing`),
          thenRefused: (code) => t.same(outcome, { refused: code }, `${command.type} is refused: ${code}`),
        };
      },
      state,
    };
  };
}

/** When the events of a story happened, where they do not say so themselves. */
export const storyTime = '2026-01-01T00:00:00Z';

function placed<E extends DomainEvent>(event: E, revision: number): FoldedEvent<E> {
  return { revision, metadata: { occurred_at: storyTime }, ...event };
}

/** What of tap a scenario needs. */
export interface Assertions {
  same(found: unknown, wanted: unknown, message: string): unknown;
}

export interface Given<C, S, E> {
  readonly when: (command: C) => Then<S, E>;
  /** The fold of what was given. */
  readonly state: S;
}

export interface Then<S, E> {
  /** Exactly these events, in this order. Answers the state after them. */
  then(...events: readonly E[]): S;
  thenNothing(): void;
  thenRefused(code: ProblemCode): void;
}

/** A refusal is an outcome; anything else that is thrown is a bug and fails the test with its own stack. */
function judge(decide: () => readonly unknown[]): { events: readonly unknown[] } | { refused: ProblemCode } {
  try {
    return { events: decide() };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code };
    throw error;
  }
}

function freeze<T>(value: T): T {
  const plain = Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  if (plain && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value as object)) freeze(part);
  }
  return value;
}
