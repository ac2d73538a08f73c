import type { Command } from '@agentcal/shared/kernel/decider';
import type { DomainEvent } from '@agentcal/shared/kernel/event';
import type { Aggregate } from './port.ts';
import { type FoldDeps, StreamFold } from './stream-fold.ts';

/** The folds used last, up to a total weight. Losing one costs a read, never correctness. */
export class FoldCache {
  readonly #entries = new Map<string, { fold: StreamFold<never, unknown, never>; weight: number }>();
  readonly #deps: FoldDeps;
  readonly #maxWeight: number;
  #weight = 0;

  constructor(deps: FoldDeps, maxWeight: number) {
    this.#deps = deps;
    this.#maxWeight = maxWeight;
  }

  /** The fold of a stream, made empty where none is kept. A stream belongs to one aggregate for good. */
  of<C extends Command, S, E extends DomainEvent>(aggregate: Aggregate<C, S, E>, id: string): StreamFold<C, S, E> {
    const streamId = `${aggregate.category}-${id}`;
    const kept = this.#entries.get(streamId)?.fold as StreamFold<C, S, E> | undefined;
    const fold = kept ?? new StreamFold(aggregate, streamId, this.#deps);
    this.#touch(streamId, fold as unknown as StreamFold<never, unknown, never>);
    return fold;
  }

  announce(streamId: string, revision: number): void {
    this.#entries.get(streamId)?.fold.announce(revision);
  }

  /** A stream that is not there is not worth a place: anybody can ask for any id. */
  forget(streamId: string): void {
    this.#weight -= this.#entries.get(streamId)?.weight ?? 0;
    this.#entries.delete(streamId);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Moves to the young end, weighs again and drops the oldest beyond the limit. */
  #touch(streamId: string, fold: StreamFold<never, unknown, never>): void {
    const { weight } = fold;
    this.#weight += weight - (this.#entries.get(streamId)?.weight ?? 0);
    this.#entries.delete(streamId);
    this.#entries.set(streamId, { fold, weight });
    for (const [oldest, entry] of this.#entries) {
      if (this.#weight <= this.#maxWeight || oldest === streamId) return;
      this.#entries.delete(oldest);
      this.#weight -= entry.weight;
    }
  }
}
