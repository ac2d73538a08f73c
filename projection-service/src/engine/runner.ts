import { pause, realTiming, type Timing } from '@agentcal/shared/kernel/timing';
import { build, nextName } from './build.ts';
import type { Consumer } from './consumer.ts';
import type { EngineDeps } from './deps.ts';
import { follow } from './follow.ts';
import type { Lease } from './leadership.ts';
import { openLive } from './open.ts';
import { type ConsumerStatus, newStatus } from './status.ts';
import { Fenced } from './storage/port.ts';

export interface RunningConsumer {
  readonly status: Readonly<ConsumerStatus>;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** Runs one consumer until it is stopped: waits to lead, follows the log, tries again what fails. */
export function startConsumer(consumer: Consumer, deps: EngineDeps): RunningConsumer {
  const stopping = new AbortController();
  const runner = new Runner(consumer, deps);
  const done = runner.run(stopping.signal);
  return {
    status: runner.status,
    stop: async () => {
      stopping.abort(new Error('stopping'));
      await done;
    },
  };
}

const firstRetryMs = 100;
const lastRetryMs = 30_000;
/** How long a version that has been replaced rests before it looks again. */
const supersededMs = 15_000;

class Runner {
  readonly status: ConsumerStatus;
  readonly #consumer: Consumer;
  readonly #deps: EngineDeps;
  readonly #timing: Timing;

  constructor(consumer: Consumer, deps: EngineDeps) {
    this.#consumer = consumer;
    this.#deps = deps;
    this.#timing = deps.timing ?? realTiming;
    this.status = newStatus(consumer);
  }

  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#trying(stop, async () => {
        await this.#buildIfNewer(stop);
        this.status.state = 'waiting';
        const lease = await this.#deps.leadership.lead(this.#consumer.name, stop);
        const outcome = await this.#lead(lease, AbortSignal.any([stop, lease.lost])).finally(() => lease.release());
        if (outcome === 'superseded') await this.#rest(stop);
      });
    }
    this.status.state = 'stopped';
  }

  /** Applies the log for as long as the lock is ours and our version is the live one. */
  async #lead(lease: Lease, stop: AbortSignal): Promise<'superseded' | 'outdated' | 'ended'> {
    const { name, version } = this.#consumer;
    let outcome: 'superseded' | 'outdated' | 'ended' = 'ended';
    while (!stop.aborted && outcome === 'ended') {
      await this.#trying(stop, async () => {
        // Never take the seat back from whoever has taken the lock over.
        await lease.verify();
        const live = await openLive(this.#deps.storage, this.#consumer);
        if (live.version !== version) {
          outcome = live.version > version ? 'superseded' : 'outdated';
          return;
        }
        const seat = await this.#deps.storage.takeSeat(name, 'live');
        this.#deps.log.info({ consumer: name, version, position: `${seat.position}` }, 'following the log');
        this.status.position = seat.position;
        this.status.state = 'following';
        await follow(this.#consumer, this.#deps, seat, this.status, stop);
      });
    }
    return outcome;
  }

  /** A projection whose older version is live is first built beside it. */
  async #buildIfNewer(stop: AbortSignal): Promise<void> {
    const consumer = this.#consumer;
    if (consumer.kind === 'reaction') return;
    const live = await this.#deps.storage.findSeat(consumer.name, 'live');
    if (!live || live.version >= consumer.version) return;
    const lease = await this.#deps.leadership.lead(nextName(consumer), stop);
    try {
      const now = await this.#deps.storage.findSeat(consumer.name, 'live');
      if (now && now.version >= consumer.version) return;
      this.status.state = 'building';
      await build(consumer, this.#deps, { fresh: false, signal: AbortSignal.any([stop, lease.lost]) });
      this.#deps.log.info({ consumer: consumer.name, version: consumer.version }, 'a new version has taken over');
    } finally {
      await lease.release();
    }
  }

  async #rest(stop: AbortSignal): Promise<void> {
    this.status.state = 'superseded';
    this.#deps.log.info({ consumer: this.#consumer.name, version: this.#consumer.version }, 'a newer version is live');
    await pause(this.#timing, supersededMs, stop);
  }

  /** Runs work; what it throws is shown, and waited for longer each time. Nothing is ever skipped. */
  async #trying(stop: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (stop.aborted) return;
      const waitMs = error instanceof Fenced ? firstRetryMs : this.#fail(error);
      await pause(this.#timing, waitMs, stop).catch(() => {});
    }
  }

  #fail(error: unknown): number {
    this.status.state = 'failing';
    this.status.failures += 1;
    const waitMs =
      Math.min(lastRetryMs, firstRetryMs * 2 ** (this.status.failures - 1)) * (0.5 + this.#timing.random() / 2);
    const { consumer, failures, position } = this.status;
    this.#deps.log.error(
      { consumer, failures, position: `${position}`, waitMs, err: error },
      'a consumer failed and tries again',
    );
    this.#deps.observer?.failed(this.status);
    return waitMs;
  }
}
