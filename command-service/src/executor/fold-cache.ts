import type { Command } from '@agentcal/shared/kernel/decider';
import type { DomainEvent } from '@agentcal/shared/kernel/event';
import type { Aggregate } from './port.ts';
import { type FoldDeps, StreamFold } from './stream-fold.ts';

interface Entry {
  readonly fold: StreamFold<never, unknown, never>;
  weight: number;
  /** At which it was weighed: it weighs the same until something happens. */
  revision: number;
}

/** The folds used last, up to a total weight. Losing one costs a read, never correctness. */
export class FoldCache {
  readonly #entries = new Map<string, Entry>();
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
    const entry = this.#entries.get(streamId) ?? this.#newEntry(aggregate, streamId);
    this.#touch(streamId, entry);
    return entry.fold as unknown as StreamFold<C, S, E>;
  }

  #newEntry<C extends Command, S, E extends DomainEvent>(aggregate: Aggregate<C, S, E>, streamId: string): Entry {
    const fold = new StreamFold(aggregate, streamId, this.#deps);
    return { fold: fold as unknown as Entry['fold'], weight: 0, revision: Number.NaN };
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

  /** Moves to the young end, weighs again what has changed and drops the oldest beyond the limit. */
  #touch(streamId: string, entry: Entry): void {
    if (entry.revision !== entry.fold.revision) {
      const { weight, revision } = entry.fold;
      this.#weight += weight - entry.weight;
      entry.weight = weight;
      entry.revision = revision;
    }
    this.#entries.delete(streamId);
    this.#entries.set(streamId, entry);
    if (this.#weight > this.#maxWeight) this.#dropOldest(streamId);
  }

  #dropOldest(but: string): void {
    for (const [oldest, { weight }] of this.#entries) {
      if (this.#weight <= this.#maxWeight || oldest === but) return;
      this.#entries.delete(oldest);
      this.#weight -= weight;
    }
  }
}
