import type { Executor } from '@agentcal/command-service/service';
import type { CommitBatch, Sender } from '@agentcal/projection-service/simulation';
import type { EventStore } from '@agentcal/shared/event-store/port';
import type { Queues } from '../processes/jobs.ts';
import type { Weather } from '../world/faults.ts';
import type { Life } from '../world/life.ts';

/** A bug, put between the product and what it runs on. The product itself knows nothing of it. */
export interface Plant {
  readonly store?: (store: EventStore, life: Life) => EventStore;
  readonly executor?: (executor: Executor, life: Life) => Executor;
  readonly commit?: CommitBatch;
  readonly queues?: (queues: Queues) => Queues;
  readonly sender?: (sender: Sender) => Sender;
  /** What has to go wrong more often for it to matter. */
  readonly weather?: Partial<Weather>;
  /** Whether readers of the whole log go on behind an event that is not visible yet. */
  readonly passesGaps?: boolean;
}

/** A plant with what the checker is to say of it: any other fault is not a finding. */
export interface Bug extends Plant {
  readonly found: RegExp;
}

export const sound: Plant = {};
