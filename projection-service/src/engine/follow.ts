import type { LogBatch } from '@agentcal/shared/event-store/port';
import { realTiming } from '@agentcal/shared/kernel/timing';
import { commitBatch } from './commit.ts';
import type { Consumer } from './consumer.ts';
import type { EngineDeps } from './deps.ts';
import { createPrepare, storedTypes } from './prepare.ts';
import type { ConsumerStatus } from './status.ts';
import type { Seat } from './storage/port.ts';

/** Applies the log to a consumer from its seat on, until the signal aborts or something throws. */
export async function follow(
  consumer: Consumer,
  deps: EngineDeps,
  seat: Seat,
  status: ConsumerStatus,
  stop: AbortSignal,
): Promise<void> {
  const follower = new Follower(consumer, deps, seat, status);
  try {
    const signal = AbortSignal.any([stop, follower.broken]);
    const maxCount = consumer.kind === 'projection' ? projectionBatchSize : consumer.batchSize;
    for await (const batch of deps.store.follow({
      after: seat.position,
      types: storedTypes(consumer),
      maxCount,
      signal,
    })) {
      await follower.take(batch, signal);
    }
    follower.broken.throwIfAborted();
    if (!stop.aborted) throw new Error('the log ended, which it never does');
  } finally {
    await follower.close();
  }
}

const projectionBatchSize = 2_000;
/** How long a checkpoint may lag behind where nothing but events of no interest went by. */
const saveIdleMs = 500;

class Follower {
  readonly #consumer: Consumer;
  readonly #deps: EngineDeps;
  readonly #status: ConsumerStatus;
  readonly #prepare: ReturnType<typeof createPrepare>;
  readonly #broken = new AbortController();
  #seat: Seat;
  #reached: bigint;
  #callOff: (() => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(consumer: Consumer, deps: EngineDeps, seat: Seat, status: ConsumerStatus) {
    this.#consumer = consumer;
    this.#deps = deps;
    this.#status = status;
    this.#prepare = createPrepare(consumer, deps.vault);
    this.#seat = seat;
    this.#reached = seat.position;
  }

  /** Aborts where a checkpoint could not be saved in the background. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  async take(batch: LogBatch, signal: AbortSignal): Promise<void> {
    if (batch.events.length > 0) await this.#apply(batch, signal);
    if (batch.position > this.#reached) {
      this.#reached = batch.position;
      this.#deps.bus.publish('projection.advanced', { projection: this.#consumer.name, position: `${batch.position}` });
    }
    const { after } = this.#deps.timing ?? realTiming;
    if (this.#reached > this.#seat.position) this.#callOff ??= after(saveIdleMs, () => this.#saveSoon());
    this.#note(batch);
  }

  async close(): Promise<void> {
    this.#callOff?.();
    await this.#turn;
  }

  async #apply({ events, position }: LogBatch, signal: AbortSignal): Promise<void> {
    const { storage, clock, commit = commitBatch, observer } = this.#deps;
    const startedAt = clock.now();
    const prepared = await this.#prepare(events);
    await this.#waitForProjections(events.at(-1)!.position, signal);
    await this.#exclusively(async () => {
      this.#seat = await commit(storage, this.#consumer, this.#seat, { events: prepared, position });
    });
    observer?.committed(this.#status, { events: events.length, durationMs: clock.now() - startedAt });
  }

  /** A reaction reads rows of other projections: they have to be there first. */
  async #waitForProjections(position: bigint, signal: AbortSignal): Promise<void> {
    if (this.#consumer.kind !== 'reaction') return;
    while (!(await this.#deps.progress.reached(this.#consumer.after, position, 1_000))) signal.throwIfAborted();
  }

  #note({ events, caughtUp }: LogBatch): void {
    const newest = events.at(-1);
    this.#status.position = this.#reached;
    this.#status.state = 'following';
    this.#status.failures = 0;
    this.#status.behindMs = caughtUp || !newest ? 0 : this.#deps.clock.now() - Date.parse(newest.recordedAt);
  }

  #saveSoon(): void {
    this.#callOff = undefined;
    this.#exclusively(async () => {
      if (this.#reached > this.#seat.position)
        this.#seat = await this.#deps.storage.moveSeat(this.#seat, this.#reached);
    }).catch((error) => this.#broken.abort(error));
  }

  /** One write at a time: the seat it starts from is the one the write before ended with. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}
