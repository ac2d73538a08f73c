import type { Bus } from '@agentcal/shared/bus/port';
import type { EventStore } from '@agentcal/shared/event-store/port';
import type { Catalogue } from '@agentcal/shared/kernel/catalogue';
import { type Clock, second } from '@agentcal/shared/kernel/time';
import type { Deps } from '@agentcal/shared/process/deps';
import { attempt } from './attempt.ts';
import { FoldCache } from './fold-cache.ts';
import { budgetFrom, defaultPatience, type Patience, realTiming, type Timing, throughOutages } from './pauses.ts';
import type { Executor } from './port.ts';
import { createSerial } from './serial.ts';

export interface ExecutorOptions {
  readonly store: EventStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly timing?: Timing;
  readonly patience?: Patience;
  /** Of cached folds, in small objects; the default is on the order of a hundred megabytes. */
  readonly maxCacheWeight?: number;
  /** Hears of snapshots that could not be taken or believed. */
  readonly log?: Pick<Deps['log'], 'warn'> | undefined;
}

/** How old a loaded state may be that nobody has announced a change of. */
const staleMs = second;

/**
 * Load, fold, decide, append. What makes it safe is the store's expected revision alone; the cache, the queue per
 * stream and the memory of recent commands make it fast and kind. See README.md.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { store, bus, clock, catalogue, log } = options;
  const { timing = realTiming, patience = defaultPatience, maxCacheWeight = 500_000 } = options;
  let ticks = 0;
  const tick = () => ++ticks;
  const folds = new FoldCache({ store, clock, catalogue, timing, log, tick }, maxCacheWeight);
  const serially = createSerial();
  const newBudget = () => budgetFrom(patience, timing, () => clock.now());
  const unsubscribe = bus.subscribe('log.appended', ({ streamId, revision }) => folds.announce(streamId, revision));

  return {
    execute: async (aggregate, id, command, context, { ifRevision } = {}) => {
      const fold = folds.of(aggregate, id);
      const nonce = String(timing.random());
      const call = { aggregate, command, context, ifRevision, fold, nonce, arrival: fold.now(), budget: newBudget() };
      return serially(fold.streamId, () => attempt({ store, bus, catalogue }, call));
    },

    load: async (aggregate, id, { fresh = false } = {}) => {
      const fold = folds.of(aggregate, id);
      if (fresh || !fold.isYoungerThan(staleMs)) {
        const since = fresh ? fold.now() : undefined;
        await throughOutages(newBudget(), () => fold.readForward(since));
        if (fold.revision < 0) folds.forget(fold.streamId);
      }
      return { state: fold.state, revision: fold.revision, position: fold.position };
    },

    close: unsubscribe,
  };
}
