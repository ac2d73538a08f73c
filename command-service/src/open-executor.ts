import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import { eventDefinitions } from './events.ts';
import { createExecutor, type ExecutorOptions } from './executor/executor.ts';
import type { Executor } from './executor/port.ts';

/** The executor of this service: it knows every event that can stand in the log. */
export function openExecutor({ store, bus, clock, log, timing, patience, maxCacheWeight }: Opening): Executor {
  const given = {
    ...(timing && { timing }),
    ...(patience && { patience }),
    ...(maxCacheWeight !== undefined && { maxCacheWeight }),
  };
  return createExecutor({ store, bus, clock, log, catalogue, ...given });
}

/** Of every event. */
export const catalogue = createCatalogue(eventDefinitions);

type Opening = Pick<ExecutorOptions, 'store' | 'bus' | 'clock' | 'log' | 'timing' | 'patience' | 'maxCacheWeight'>;
