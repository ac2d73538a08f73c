import type { Executor } from '@agentcal/command-service/service';
import type { CommitBatch } from '@agentcal/projection-service/simulation';
import type { EventStore } from '@agentcal/shared/event-store/port';
import type { Life } from '../world/life.ts';

/** A bug, put between the product and what it runs on. The product itself knows nothing of it. */
export interface Plant {
  readonly store?: (store: EventStore, life: Life) => EventStore;
  readonly executor?: (executor: Executor, life: Life) => Executor;
  readonly commit?: CommitBatch;
}

export const sound: Plant = {};
