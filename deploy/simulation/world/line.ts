import type { Faults } from './faults.ts';
import type { Life } from './life.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** What decides when things happen, and how they go. */
export interface World {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly faults: Faults;
}

/** How a process reaches something outside of it: what it asks for arrives later, and the answer later still. */
export interface Line extends World {
  readonly life: Life;
}

/**
 * Asks for something that happens elsewhere. A request that was sent arrives, also where its sender dies meanwhile;
 * its answer comes to nobody then.
 */
export function ask<T>({ life, scheduler, random, faults }: Line, effect: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    scheduler.after(faults.latencyMs(random), async () => {
      const [outcome] = await Promise.allSettled([(async () => effect())()]);
      life.after(faults.latencyMs(random), () => {
        if (outcome.status === 'fulfilled') resolve(outcome.value);
        else reject(outcome.reason);
      });
    });
  });
}
