import type { Bus } from '@agentcal/shared/bus/port';
import type { EventStore } from '@agentcal/shared/event-store/port';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Vault } from '@agentcal/shared/vault/port';
import type { Progress } from '../progress.ts';
import type { AnyDb, CommitBatch } from './commit.ts';
import type { Leadership } from './leadership.ts';
import type { Observer } from './status.ts';

/** What consumers run on. */
export interface EngineDeps {
  readonly db: AnyDb;
  readonly store: EventStore;
  readonly bus: Bus;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly leadership: Leadership;
  readonly log: EngineLog;
  readonly observer?: Observer;
  /** How a batch is written. Tests plant faults here. */
  readonly commit?: CommitBatch;
}

/** What of pino the engine uses. */
export interface EngineLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
