import { createMemoryStorage, type MemoryStorage } from '@agentcal/projection-service/simulation';
import { SharedBus } from '../engines/bus.ts';
import { SharedLocks } from '../engines/leadership.ts';
import { SharedLog } from '../engines/log.ts';
import { Receivers } from '../engines/receivers.ts';
import { SharedVault } from '../engines/vault.ts';
import type { World } from '../world/line.ts';

/** What all processes share, and what is there after every one of them has crashed. */
export interface Engines {
  readonly log: SharedLog;
  readonly bus: SharedBus;
  readonly locks: SharedLocks;
  readonly vault: SharedVault;
  readonly rows: MemoryStorage;
  readonly receivers: Receivers;
  /** How often every projection has been given a new version. Processes that start run the newest. */
  releases: number;
}

export interface EngineOptions {
  readonly unique: boolean;
  readonly passesGaps: boolean;
}

export function createEngines(world: World, options: EngineOptions): Engines {
  return {
    log: new SharedLog(world, options),
    bus: new SharedBus(world),
    locks: new SharedLocks(world),
    vault: new SharedVault(),
    rows: createMemoryStorage(),
    receivers: new Receivers(),
    releases: 0,
  };
}
