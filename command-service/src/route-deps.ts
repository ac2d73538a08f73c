import type { Clock } from '@agentcal/shared/kernel/time';
import type { Vault } from '@agentcal/shared/vault/port';
import type { Executor } from './executor/port.ts';

/** What routes are made of. */
export interface RouteDeps {
  readonly executor: Executor;
  readonly vault: Vault;
  readonly clock: Clock;
}
