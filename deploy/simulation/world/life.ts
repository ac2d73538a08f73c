import type { Clock, Instant } from '@agentcal/shared/kernel/time';
import type { Timing } from '@agentcal/shared/kernel/timing';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * One process from its start to its crash. Everything that it waits for goes through here: once it is dead nothing
 * of it ever goes on, and while it is paused (as by SIGSTOP) nothing does until then.
 */
export class Life {
  readonly name: string;
  readonly clock: Clock;
  readonly timing: Timing;
  /** How far its clock is from the time that there is. */
  clockOffMs = 0;
  readonly #scheduler: Scheduler;
  #alive = true;
  #pausedUntil: Instant = 0;
  readonly #endings: (() => void)[] = [];

  constructor(name: string, scheduler: Scheduler, random: Random) {
    this.name = name;
    this.#scheduler = scheduler;
    this.clock = { now: () => scheduler.now + this.clockOffMs };
    this.timing = { after: (ms, work) => this.after(ms, work), random: () => random.next() };
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  after(ms: number, work: () => void): () => void {
    let callOff = this.#scheduler.after(ms, () => {
      if (!this.#alive) return;
      const left = this.#pausedUntil - this.#scheduler.now;
      if (left > 0) callOff = this.after(left, work);
      else work();
    });
    return () => callOff();
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  pause(ms: number): void {
    this.#pausedUntil = this.#scheduler.now + ms;
  }

  /** What the rest of the world does when this process is gone. */
  onEnd(work: () => void): void {
    this.#endings.push(work);
  }

  crash(): void {
    this.#alive = false;
    for (const end of this.#endings) end();
  }
}
