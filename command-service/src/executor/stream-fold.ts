import type { EventStore } from '@agentcal/shared/event-store/port';
import type { Catalogue } from '@agentcal/shared/kernel/catalogue';
import type { Command, FoldedEvent } from '@agentcal/shared/kernel/decider';
import type { DomainEvent, Position, RecordedEvent } from '@agentcal/shared/kernel/event';
import type { Clock, Instant } from '@agentcal/shared/kernel/time';
import type { Aggregate } from './port.ts';
import { RecentCommands } from './recent-commands.ts';

export interface FoldDeps {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  /** Counts up: orders what happened in this process, where milliseconds are too coarse. */
  readonly tick: () => number;
}

/**
 * What this process knows of one stream: the fold of its events up to a revision, and when that was last known
 * to be all of them. It only moves forward, one event at a time, so reads that overlap do no harm.
 */
export class StreamFold<C extends Command, S, E extends DomainEvent> {
  readonly streamId: string;
  readonly commands = new RecentCommands();
  state: S;
  revision = -1;
  position: Position = 0n;
  #confirmedTick = -1;
  #confirmedAt: Instant = Number.NEGATIVE_INFINITY;
  #announcedRevision = -1;
  #reading: Promise<void> | undefined;
  readonly #aggregate: Aggregate<C, S, E>;
  readonly #deps: FoldDeps;

  constructor(aggregate: Aggregate<C, S, E>, streamId: string, deps: FoldDeps) {
    this.streamId = streamId;
    this.state = aggregate.initial;
    this.#aggregate = aggregate;
    this.#deps = deps;
  }

  /** Reads what was appended. Afterwards the fold is at least as new as that moment. Callers share one read. */
  async readForward(since?: Moment): Promise<void> {
    do {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    } while (since && !this.isAsNewAs(since));
  }

  async #read(): Promise<void> {
    const { store, catalogue } = this.#deps;
    const asOf = this.now();
    for await (const event of store.readStream(this.streamId, { fromRevision: this.revision + 1 })) {
      this.apply(catalogue.lift(event));
    }
    this.confirm(asOf);
  }

  apply(event: AppendedEvent): void {
    if (event.revision <= this.revision) return;
    if (event.revision > this.revision + 1) throw new Error(`${this.streamId} has a hole before ${event.revision}`);
    // The catalogue lifted it, and only this aggregate writes to its streams.
    this.state = this.#aggregate.evolve(this.state, event as unknown as FoldedEvent<E>);
    this.revision = event.revision;
    this.position = event.position;
    this.commands.learn(event, this.#deps.clock.now());
  }

  /** The fold was the whole stream at that moment or later. */
  confirm(asOf: Moment): void {
    this.#confirmedTick = Math.max(this.#confirmedTick, asOf.tick);
    this.#confirmedAt = Math.max(this.#confirmedAt, asOf.at);
  }

  /** Somebody says that the stream has reached this revision. */
  announce(revision: number): void {
    this.#announcedRevision = Math.max(this.#announcedRevision, revision);
  }

  isAsNewAs(moment: Moment): boolean {
    return this.#confirmedTick >= moment.tick;
  }

  isYoungerThan(ms: number): boolean {
    // A clock that was set back makes nothing young.
    return this.#announcedRevision <= this.revision && Math.abs(this.#deps.clock.now() - this.#confirmedAt) < ms;
  }

  now(): Moment {
    return { tick: this.#deps.tick(), at: this.#deps.clock.now() };
  }

  /** Small objects held, roughly. */
  get weight(): number {
    return 20 + this.commands.size + (this.#aggregate.weigh?.(this.state) ?? 1);
  }
}

/** What of an event a fold needs. */
export type AppendedEvent = Pick<RecordedEvent, 'type' | 'data' | 'metadata' | 'revision' | 'position'>;

/** A place in this process's time. */
export interface Moment {
  readonly tick: number;
  readonly at: Instant;
}
