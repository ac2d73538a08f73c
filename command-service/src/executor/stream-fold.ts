import type { Command, FoldedEvent } from '@agentcal/shared/kernel/decider';
import type { DomainEvent, Position, RecordedEvent } from '@agentcal/shared/kernel/event';
import { type Instant, second } from '@agentcal/shared/kernel/time';
import { Unanswered } from './pauses.ts';
import type { Aggregate } from './port.ts';
import { RecentCommands } from './recent-commands.ts';
import { type SnapshotDeps, SnapshotKeeper } from './snapshots/keeper.ts';

export interface FoldDeps extends SnapshotDeps {
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
  /** The event at `revision`. */
  #last: LastEvent | undefined;
  readonly #snapshots: SnapshotKeeper<S> | undefined;
  readonly #aggregate: Aggregate<C, S, E>;
  readonly #deps: FoldDeps;

  constructor(aggregate: Aggregate<C, S, E>, streamId: string, deps: FoldDeps) {
    this.streamId = streamId;
    this.state = aggregate.initial;
    this.#aggregate = aggregate;
    this.#deps = deps;
    this.#snapshots = aggregate.snapshots && new SnapshotKeeper(streamId, aggregate.snapshots, deps);
  }

  /** Reads what was appended. Afterwards the fold is at least as new as that moment. Callers share one read. */
  async readForward(since?: Moment): Promise<void> {
    do {
      this.#reading ??= this.#watched(this.#read()).finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    } while (since && !this.isAsNewAs(since));
  }

  async #read(): Promise<void> {
    const { store, catalogue } = this.#deps;
    const asOf = this.now();
    if (this.revision < 0) await this.#recall();
    for await (const event of store.readStream(this.streamId, { fromRevision: this.revision + 1 })) {
      this.apply(catalogue.lift(event));
    }
    this.confirm(asOf);
  }

  /** Begins with the newest snapshot, where there is one to be believed. */
  async #recall(): Promise<void> {
    const found = await this.#snapshots?.newest();
    if (!found || this.revision >= 0) return;
    const { snapshot, last } = found;
    this.state = snapshot.state;
    this.revision = snapshot.revision;
    this.position = last.position;
    this.#last = last;
    for (const [id, command] of snapshot.commands) this.commands.recall(id, command, this.#deps.clock.now());
  }

  /** A read that no longer gets anywhere is given up, so that it is not all that later callers wait for. */
  #watched(reading: Promise<void>): Promise<void> {
    const { alarm } = this.#deps.timing;
    if (!alarm) return reading;
    const stuck = Promise.withResolvers<never>();
    let cancel = () => {};
    const watch = (seen: number) => {
      cancel = alarm(patienceMs, () => {
        if (this.revision > seen) watch(this.revision);
        else stuck.reject(new Unanswered(`${this.streamId} is not being read any more`));
      });
    };
    watch(this.revision);
    return Promise.race([reading, stuck.promise]).finally(() => cancel());
  }

  apply(event: AppendedEvent): void {
    if (event.revision <= this.revision) return;
    if (event.revision > this.revision + 1) throw new Error(`${this.streamId} has a hole before ${event.revision}`);
    // The catalogue lifted it, and only this aggregate writes to its streams.
    this.state = this.#aggregate.evolve(this.state, event as unknown as FoldedEvent<E>);
    this.revision = event.revision;
    this.position = event.position;
    this.#last = event;
    this.commands.learn(event, this.#deps.clock.now());
  }

  /** The fold was the whole stream at that moment or later. */
  confirm(asOf: Moment): void {
    this.#confirmedTick = Math.max(this.#confirmedTick, asOf.tick);
    this.#confirmedAt = Math.max(this.#confirmedAt, asOf.at);
    if (this.#snapshots?.isDue(this.revision)) void this.#snapshots.take(() => this.#told());
  }

  #told() {
    const { streamId, revision, state, commands } = this;
    const { id: eventId, metadata } = this.#last!;
    return { streamId, revision, eventId, state, commands: commands.entries(), metadata };
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
export type AppendedEvent = Pick<RecordedEvent, 'id' | 'type' | 'data' | 'metadata' | 'revision' | 'position'>;
type LastEvent = Pick<RecordedEvent, 'id' | 'metadata'>;

/** Without another event for so long, a read has stopped. */
const patienceMs = 10 * second;

/** A place in this process's time. */
export interface Moment {
  readonly tick: number;
  readonly at: Instant;
}
