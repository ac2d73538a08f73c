import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import type { Deps } from '@agentcal/shared/process/deps';
import { eventDefinitions } from './events.ts';
import { createExecutor } from './executor/executor.ts';
import type { Executor } from './executor/port.ts';

/** The executor of this service: it knows every event that can stand in the log. */
export function openExecutor({ store, bus, clock }: Pick<Deps, 'store' | 'bus' | 'clock'>): Executor {
  return createExecutor({ store, bus, clock, catalogue: createCatalogue(eventDefinitions) });
}
