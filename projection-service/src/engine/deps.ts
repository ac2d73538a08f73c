import type { Bus } from '@agentcal/shared/bus/port';
import type { EventStore } from '@agentcal/shared/event-store/port';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Timing } from '@agentcal/shared/kernel/timing';
import type { Vault } from '@agentcal/shared/vault/port';
import type { Progress } from '../progress.ts';
import type { CommitBatch } from './commit.ts';
import type { Leadership } from './leadership.ts';
import type { Observer } from './status.ts';
import type { Storage } from './storage/port.ts';

/** What consumers run on. */
export interface EngineDeps {
  readonly storage: Storage;
  readonly store: EventStore;
  readonly bus: Bus;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly leadership: Leadership;
  readonly log: EngineLog;
  readonly observer?: Observer;
  /** By default the real one. */
  readonly timing?: Timing;
  /** How a batch is written. Tests plant faults here. */
  readonly commit?: CommitBatch;
}

/** What of pino the engine uses. */
export interface EngineLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
